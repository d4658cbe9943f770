import type { Timer } from '@squall/time'
import { nextTurn } from '../next-turn.ts'
import type { FlowRun } from './step-type.ts'

/**
 * Watches one call of a user's function: it fails once it has been at something else than a call for as long as a request may take. A client
 * that waits for what never comes would make no load, in silence, and keep a run of arrivals from ending.
 */
export class FunctionWatch {
  readonly #run: FlowRun
  readonly #over = Promise.withResolvers<never>()
  #calls = 0
  #timer: Timer | undefined
  #isWatching = false

  constructor(run: FlowRun) {
    this.#run = run
  }

  /** @throws what the function's promise is rejected with, or Error where it is never settled. */
  async until(returned: PromiseLike<unknown>): Promise<void> {
    this.#isWatching = true
    this.#arm()
    try {
      await Promise.race([returned, this.#over.promise])
    } finally {
      this.#isWatching = false
      this.#timer?.cancel()
      // It may have waited for nothing, and be called again and again.
      await nextTurn()
    }
  }

  /** A call of the function has a time-out of its own. */
  async during<T>(call: Promise<T>): Promise<T> {
    this.#calls++
    this.#timer?.cancel()
    try {
      return await call
    } finally {
      this.#calls--
      if (this.#isWatching) this.#arm()
    }
  }

  #arm(): void {
    if (this.#calls > 0) return
    const { patienceMs } = this.#run
    const text = `it was not done after ${patienceMs / 1000} s without a call (config.mcp.timeout)`
    this.#timer = this.#run.after(patienceMs, () => this.#over.reject(new Error(text)))
  }
}
