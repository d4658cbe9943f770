import type { HeapClock } from '@squall/time'
import type { EndSignals, VirtualClient } from '@squall/virtual-client'

/** One virtual client of the swarm, with the means to wait on its behalf and to bring it to an end. */
export class Member {
  readonly client: VirtualClient
  readonly #schedule: HeapClock
  // Each client has signals of its own: shared ones would be searched through by every listener that is added.
  readonly #ending = new AbortController()
  readonly #cutting = new AbortController()
  #endedMs: number | undefined
  #stopWaiting: (() => void) | undefined

  constructor(client: VirtualClient, schedule: HeapClock) {
    this.client = client
    this.#schedule = schedule
  }

  get endSignals(): EndSignals {
    return { ending: this.#ending.signal, cutting: this.#cutting.signal }
  }

  /** True once no call may begin; one that is under way goes on. */
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
    this.#ending.abort(endOfRun)
  }

  cut(): void {
    this.#cutting.abort(endOfRun)
  }
}

const endOfRun = new Error('the run ended')
