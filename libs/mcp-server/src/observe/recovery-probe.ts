import type { Clock, Timer } from '@squall/time'
import type { Connections } from '../snowflake/connections.ts'

/** How long after a failure, and after each probe that failed. */
const probeDelayMs = 5000
const acquireTimeoutMs = 5000

/**
 * Finds out by itself when Snowflake can be reached again. A server that is not ready is sent no calls, so that none would ever tell
 * it that it is.
 */
export class RecoveryProbe {
  readonly #clock: Clock
  readonly #connections: Connections
  readonly #onReached: () => void
  #timer: Timer | undefined
  #isStopped = false

  constructor(clock: Clock, connections: Connections, onReached: () => void) {
    this.#clock = clock
    this.#connections = connections
    this.#onReached = onReached
  }

  /** To be told whenever a call could reach Snowflake or could not. */
  note(reached: boolean): void {
    if (reached) this.#cancel()
    else this.#schedule()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  #schedule(): void {
    if (this.#isStopped) return
    this.#timer ??= this.#clock.at(this.#clock.monotonicMs() + probeDelayMs, () => void this.#probe())
  }

  #cancel(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #probe(): Promise<void> {
    const reached = await this.#canReach()
    // A call may have been quicker.
    if (this.#timer === undefined) return
    this.#timer = undefined
    if (reached) this.#onReached()
    else this.#schedule()
  }

  async #canReach(): Promise<boolean> {
    try {
      await using lease = await this.#connections.acquire({ timeoutMs: acquireTimeoutMs })
      return await lease.resource.heartbeat()
    } catch {
      // Why not is told by the next call that meets it.
      return false
    }
  }
}
