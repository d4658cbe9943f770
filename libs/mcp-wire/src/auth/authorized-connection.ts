import type { Clock } from '@squall/time'
import { onAbort } from '../abort-fan-out.ts'
import type { CallFailure, CallOutcome } from '../call-outcome.ts'
import type { McpConnection, McpRequest } from '../mcp-connection.ts'
import { ForwardingConnection } from '../rpc/forwarding-connection.ts'
import { joinOutcomes } from '../rpc/join-outcomes.ts'
import type { ClientCredentials } from './client-credentials.ts'
import { TokenRefusal } from './token-refusal.ts'

/**
 * Sends an access token along, and a new one where the server refuses the old with status 401: the call is then tried
 * once more, and both attempts count as one call. Without any token a call is `auth.refused` or `auth.unavailable`.
 */
export class AuthorizedConnection extends ForwardingConnection {
  readonly #credentials: ClientCredentials
  readonly #clock: Clock
  #sentToken: string | undefined

  constructor(inner: McpConnection, credentials: ClientCredentials, clock: Clock) {
    super(inner)
    this.#credentials = credentials
    this.#clock = clock
  }

  async request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome> {
    return this.#withToken(() => this.inner.request(request, signal), signal)
  }

  override notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome> {
    return this.#withToken(() => this.inner.notify(method, paramsJson, signal), signal)
  }

  async #withToken(send: () => Promise<CallOutcome>, signal: AbortSignal): Promise<CallOutcome> {
    const startMs = this.#clock.monotonicMs()
    const token = this.#credentials.usable() ?? (await this.#obtain(signal, startMs))
    if (typeof token !== 'string') return token
    const outcome = await this.#sendWith(token, send)
    if (outcome.ok || outcome.code !== 'http.401' || !this.#credentials.reject(token) || this.isLost) return outcome
    const next = await this.#obtain(signal, startMs)
    return typeof next === 'string' ? joinOutcomes(outcome, await this.#sendWith(next, send)) : outcome
  }

  #sendWith(token: string, send: () => Promise<CallOutcome>): Promise<CallOutcome> {
    if (token !== this.#sentToken) this.inner.authorize(`Bearer ${token}`)
    this.#sentToken = token
    return send()
  }

  /** @returns a token, or the outcome of a call that cannot be made without one. */
  async #obtain(signal: AbortSignal, sentMs: number): Promise<string | CallFailure> {
    const failed = (code: CallFailure['code'], message: string): CallFailure => {
      const doneMs = this.#clock.monotonicMs()
      return { ok: false, code, message, sentMs, doneMs, bytesSent: 0, bytesReceived: 0 }
    }
    const aborted = Promise.withResolvers<CallFailure>()
    const forget = onAbort(signal, () => aborted.resolve(failed('stopped', 'the run ended')))
    try {
      return await Promise.race([this.#credentials.obtain(), aborted.promise])
    } catch (error) {
      if (error instanceof TokenRefusal) return failed(error.code, error.message)
      throw error
    } finally {
      forget()
    }
  }
}
