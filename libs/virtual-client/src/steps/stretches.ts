import { Later, type Pending } from '../later.ts'

/** Work in stretches: each goes on until there is something to wait for, and the next begins behind that. */
export abstract class Stretches extends Later {
  /** @returns what to wait for before the next stretch; undefined where this was the last. */
  protected abstract stretch(): Pending | undefined

  /** @returns what to wait for; undefined where there was nothing to wait for and all is done. */
  begin(): Pending | undefined {
    const pending = this.stretch()
    if (!pending) return undefined
    pending.then(this.#goOn, this.#giveUp)
    return this
  }

  readonly #goOn = (): void => {
    try {
      const pending = this.stretch()
      if (pending) return void pending.then(this.#goOn, this.#giveUp)
    } catch (error) {
      return this.fail(error)
    }
    this.end()
  }

  readonly #giveUp = (error: unknown): void => this.fail(error)
}
