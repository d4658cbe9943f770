import type { Clock } from '@squall/time'
import type { TlsOptions } from '../http/tls-options.ts'
import { requestToken, type TokenGrant } from './request-token.ts'
import { TokenRefusal } from './token-refusal.ts'

export interface ClientCredentialsOptions {
  readonly clock: Clock
  /** The URL of the MCP endpoint: where metadata is looked for, and the resource that the token is for. */
  readonly target: string
  /** Found by the metadata of the target unless given. */
  readonly tokenUrl?: string
  readonly clientId: string
  /** Proves the client where it has no key. */
  readonly clientSecret?: string
  /** In PEM: the client proves itself by signing with it, instead of by a secret. */
  readonly privateKey?: string
  readonly scope?: string
  readonly audience?: string
  /** The `resource` of RFC 8707; the target unless given. */
  readonly resource?: string
  /** How long one attempt to get a token may take. */
  readonly timeoutMs: number
  readonly tls?: TlsOptions
  readonly proxyUrl?: string
}

interface Token {
  readonly text: string
  readonly issuedMs: number
  readonly renewMs: number
  readonly expiresMs: number
}

/** Within this part of its life a token is used without a thought; then the next is asked for beside the calls. */
const carefreePart = 0.8
/** A token this close to its end may end on its way. */
const slackPart = 0.02
/** However many clients fail, the authorization server is asked no oftener than this. */
const pauseMs = 1000

/**
 * Access tokens by OAuth client credentials, for any number of clients: one request at a time, the next token before the
 * last one expires, a new one where the server refuses the old. Source: OAuth 2.1 draft, section 4.2; RFC 8707.
 */
export class ClientCredentials {
  readonly #options: ClientCredentialsOptions
  #token: Token | undefined
  #flight: Promise<string> | undefined
  #refusal: { readonly error: TokenRefusal; readonly untilMs: number } | undefined

  constructor(options: ClientCredentialsOptions) {
    this.#options = options
  }

  /** The token to send now; undefined where there is none that holds. */
  usable(): string | undefined {
    const nowMs = this.#options.clock.monotonicMs()
    if (this.#token === undefined || nowMs >= this.#token.expiresMs) return undefined
    // The token at hand still serves; should this fail, the calls after its end will say so.
    if (nowMs >= this.#token.renewMs) this.#renew().catch(() => undefined)
    return this.#token.text
  }

  /**
   * A token that holds, asked for where there is none.
   * @throws TokenRefusal where none is to be had.
   */
  async obtain(): Promise<string> {
    return this.usable() ?? (await this.#renew())
  }

  /**
   * To be told of a token that the server refused.
   * @returns false where another would be refused as well, this one having just been issued.
   */
  reject(text: string): boolean {
    if (this.#token?.text !== text) return true
    if (this.#options.clock.monotonicMs() < this.#token.issuedMs + pauseMs) return false
    this.#token = undefined
    return true
  }

  #renew(): Promise<string> {
    this.#flight ??= this.#request().finally(() => (this.#flight = undefined))
    return this.#flight
  }

  async #request(): Promise<string> {
    const { clock } = this.#options
    if (this.#refusal && clock.monotonicMs() < this.#refusal.untilMs) throw this.#refusal.error
    try {
      const grant = await requestToken(this.#options)
      this.#refusal = undefined
      this.#token = toToken(grant, clock.monotonicMs())
      return grant.token
    } catch (error) {
      if (error instanceof TokenRefusal) this.#refusal = { error, untilMs: clock.monotonicMs() + pauseMs }
      throw error
    }
  }
}

function toToken({ token: text, lifetimeMs }: TokenGrant, issuedMs: number): Token {
  const at = (part: number): number => issuedMs + lifetimeMs * part
  return { text, issuedMs, renewMs: at(carefreePart), expiresMs: at(1 - slackPart) }
}
