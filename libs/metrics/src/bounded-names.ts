/** What stands for every name beyond the bound. */
export const otherName = 'other'

/** Lets the first `limit` different names through, and calls every later one `other`: names from outside cannot fill the memory. */
export class BoundedNames {
  readonly #limit: number
  readonly #known = new Set<string>()

  constructor(limit: number) {
    this.#limit = limit
  }

  admit(name: string): string {
    if (this.#known.has(name)) return name
    if (this.#known.size >= this.#limit) return otherName
    this.#known.add(name)
    return name
  }
}
