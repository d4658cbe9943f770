import type { EndSignals } from '../end-signals.ts'

/** The end of a run, in the hands of a test. */
export class TestEnd implements EndSignals {
  readonly #ending = new AbortController()
  readonly #cutting = new AbortController()
  readonly ending: AbortSignal = this.#ending.signal
  readonly cutting: AbortSignal = this.#cutting.signal

  begin(): void {
    this.#ending.abort()
  }

  cut(): void {
    this.begin()
    this.#cutting.abort()
  }
}
