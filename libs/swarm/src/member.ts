import type { HeapClock } from '@squall/time'
import type { VirtualClient } from '@squall/virtual-client'

/** One virtual client of the swarm, with the means to wait on its behalf and to bring it to an end. */
export class Member {
  readonly client: VirtualClient
  readonly #schedule: HeapClock
  // Each client has a signal of its own: a shared one would be searched through by every listener that is added.
  readonly #ending = new AbortController()
  #endedMs: number | undefined
  #stopWaiting: (() => void) | undefined
  #closed: Promise<void> | undefined

  constructor(client: VirtualClient, schedule: HeapClock) {
    this.client = client
    this.#schedule = schedule
  }

  /** Fires when nothing new may start; the call under way may still end by itself. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

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

  /** Nothing new starts. */
  end(): void {
    this.#endedMs ??= this.#schedule.monotonicMs()
    this.#ending.abort(new Error('the run ended'))
    this.#stopWaiting?.()
  }

  /** Leaves, which cuts what is still under way. */
  close(): Promise<void> {
    this.#closed ??= this.client.close()
    return this.#closed
  }
}
