import type { Clock } from '@squall/time'
import { forkGenerator, type ChildGenerator } from '../../child-generator.ts'

/** A program that is used takes the processor for a while; the next one waits until that is over. */
const refillMs = 2_000

/** A generator that has started and waits for a share: to start one only when a share is lost makes its gap longer, by seconds on a busy machine. */
export class SpareGenerator {
  readonly #entry: URL
  readonly #clock: Clock
  #spare: ChildGenerator | undefined
  #notBeforeMs = 0

  constructor(entry: URL, clock: Clock) {
    this.#entry = entry
    this.#clock = clock
  }

  /** Sees to it that there is one. Harmless to call often. */
  keep(): void {
    if (this.#spare !== undefined || this.#clock.monotonicMs() < this.#notBeforeMs) return
    const spare = forkGenerator(this.#entry)
    this.#spare = spare
    void spare.exited.finally(() => {
      if (this.#spare === spare) this.#spare = undefined
    })
  }

  /** @returns the spare one where there is one, else one that has yet to start. */
  take(): ChildGenerator {
    const spare = this.#spare ?? forkGenerator(this.#entry)
    this.#spare = undefined
    this.#notBeforeMs = this.#clock.monotonicMs() + refillMs
    return spare
  }

  async close(): Promise<void> {
    const spare = this.#spare
    spare?.kill()
    await spare?.exited
  }
}
