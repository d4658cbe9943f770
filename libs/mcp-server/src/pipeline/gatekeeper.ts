import { CodedError } from '@squall/errors'
import { sleep, type Clock } from '@squall/time'
import { mcpServerErrors } from '../errors.ts'
import type { Stage } from './stage.ts'

/** Knows the calls in flight, and turns new ones away once the server is to stop. */
export class Gatekeeper {
  #inFlight = 0
  #isClosed = false
  #emptied: (() => void) | undefined
  readonly #givenUp = new AbortController()

  get inFlight(): number {
    return this.#inFlight
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Aborts when calls in flight are waited for no longer. */
  get givenUp(): AbortSignal {
    return this.#givenUp.signal
  }

  readonly stage: Stage = async (_context, next) => {
    if (this.#isClosed) return { kind: 'refused', status: 503, error: new CodedError(mcpServerErrors.MCP_SHUTTING_DOWN) }
    this.#inFlight += 1
    try {
      return await next()
    } finally {
      this.#inFlight -= 1
      if (this.#inFlight === 0) this.#emptied?.()
    }
  }

  /** Takes no new calls, waits for those in flight, and aborts what is left when the time is over. */
  async drain(clock: Clock, timeoutMs: number): Promise<void> {
    this.#isClosed = true
    if (this.#inFlight === 0) return
    const emptied = new AbortController()
    this.#emptied = () => emptied.abort()
    try {
      await sleep(clock, timeoutMs, emptied.signal)
      this.#givenUp.abort(new CodedError(mcpServerErrors.MCP_SHUTTING_DOWN))
    } catch (error) {
      if (!emptied.signal.aborted) throw error
    }
  }
}
