import type { HeapClock } from '@squall/time'
import type { VirtualClient } from '@squall/virtual-client'

/** One virtual client of the swarm, with the means to wait on its behalf and to bring it to an end. */
export class Member {
  readonly client: VirtualClient
  readonly #schedule: HeapClock
  // Each client has a signal of its own: a shared one would be searched through by every listener that is added.
  readonly #cutting = new AbortController()
  #endedMs: number | undefined
  #stopWaiting: (() => void) | undefined

  constructor(client: VirtualClient, schedule: HeapClock) {
    this.client = client
    this.#schedule = schedule
  }

  /** Fires when what is under way is cut. */
  get signal(): AbortSignal {
    return this.#cutting.signal
  }

  /** True once nothing new may start; what is under way goes on. */
  get isEnding(): boolean {
    return this.#endedMs !== undefined
  }

  /** When the end began, on the schedule's clock; infinite before. */
  get endedMs(): number {
    return this.#endedMs ?? Number.POSITIVE_INFINITY
  }

  /** Waits until an instant of the schedule, or until the end begins. */
  waitUntil(dueMs: number): Promise<void> {
    if (this.isEnding) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#schedule.at(dueMs, () => this.#stopWaiting?.())
      this.#stopWaiting = () => {
        timer.cancel()
        this.#stopWaiting = undefined
        resolve()
      }
    })
  }

  end(): void {
    this.#endedMs ??= this.#schedule.monotonicMs()
    this.#stopWaiting?.()
  }

  cut(): void {
    this.#cutting.abort(new Error('the run ended'))
  }
}
