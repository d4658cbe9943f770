import type { HeapClock } from '@squall/time'
import type { EndSignals, VirtualClient } from '@squall/virtual-client'

/** One virtual client of the swarm, with the means to wait on its behalf and to bring it to an end. */
export class Member {
  readonly client: VirtualClient
  /** Aborts when the client is to end, and when everybody's calls are cut. */
  readonly endSignals: EndSignals
  readonly #schedule: HeapClock
  // Each client has one of its own, since flows hand it to functions that users write: a shared signal would be searched through
  // by every listener that is added.
  readonly #ending = new AbortController()
  #leftMs: number | undefined
  #stopWaiting: (() => void) | undefined

  /** @param cutting the whole population's: only connections listen to it, and they do so at no cost to each other. */
  constructor(client: VirtualClient, schedule: HeapClock, cutting: AbortSignal) {
    this.client = client
    this.#schedule = schedule
    this.endSignals = { ending: this.#ending.signal, cutting }
  }

  /** True once no iteration may begin: the client is to leave, or the run ends. */
  get isLeaving(): boolean {
    return this.#leftMs !== undefined
  }

  /** Since when, on the schedule's clock; infinite before. */
  get leftMs(): number {
    return this.#leftMs ?? Number.POSITIVE_INFINITY
  }

  /** Waits until an instant of the schedule, or until the client is to leave. */
  waitUntil(dueMs: number): Promise<void> {
    if (this.isLeaving) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#schedule.at(dueMs, () => this.#stopWaiting?.())
      this.#stopWaiting = () => {
        timer.cancel()
        this.#stopWaiting = undefined
        resolve()
      }
    })
  }

  /**
   * Lets it finish its iteration; its waits between iterations end at once.
   * @param atMs when it was to be told, however late that is done; on the schedule's clock.
   */
  leave(atMs: number): void {
    this.#leftMs ??= Math.min(atMs, this.#schedule.monotonicMs())
    this.#stopWaiting?.()
  }

  /** Takes `leave` back, as long as the run goes on. */
  stay(): void {
    if (!this.#ending.signal.aborted) this.#leftMs = undefined
  }

  /** As `leave`, but lets it finish no more than the call under way; its waits within the iteration end too. */
  end(atMs: number): void {
    this.leave(atMs)
    this.#ending.abort(endOfRun)
  }
}

export const endOfRun = new Error('the run ended')
