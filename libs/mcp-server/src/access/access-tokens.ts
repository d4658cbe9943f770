import { hash } from 'node:crypto'
import type { Clock } from '@squall/time'
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { findJwksUrl } from './find-jwks-url.ts'
import { scopes, weights, type Principal, type Scope } from './principal.ts'

/** Whose tokens the server takes, and for what. */
export interface OAuthOptions {
  /** The authorization server's identifier: exactly what its tokens say in `iss`. */
  readonly issuer: string
  /** What tokens must name in `aud`, so that one made for another service is worth nothing here (RFC 8707). */
  readonly audience: string
  /** Where the issuer's keys are; found by its metadata where absent. */
  readonly jwksUrl?: string | undefined
  /** The claim that names the role in Snowflake, where tokens carry one. */
  readonly roleClaim?: string | undefined
  /** How far the issuer's clock may be from ours. */
  readonly clockToleranceSeconds: number
  /** Unknown keys are asked for again no sooner than this, so that made-up tokens do not become requests to the issuer. */
  readonly jwksCooldownMs?: number
}

export type TokenVerdict =
  | { readonly kind: 'principal'; readonly principal: Principal }
  /** `forged` was never the issuer's; `stale` and `foreign` were, but are over or for somebody else; `unavailable`: nobody knows. */
  | { readonly kind: 'forged' | 'stale' | 'foreign' | 'unavailable'; readonly cause: unknown }

interface Known {
  readonly verdict: TokenVerdict
  readonly untilMs: number
}

/** Signatures only an issuer can make; never one by a shared secret, nor none. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** A token found good is taken as good for this long, which is also how long a key may outlive its withdrawal. */
const trustMs = 60_000
const mostKnown = 10_000
/** Longer ones are not looked at. */
const longestToken = 16_384
const fetchTimeoutMs = 5000
const findAgainAfterMs = 5000

/** Checks access tokens (JWTs of RFC 9068 and alike) by the issuer's published keys. */
export class AccessTokens {
  readonly #clock: Clock
  readonly #options: OAuthOptions
  // Checking a signature costs more than all the rest of a call; clients send the same token for minutes.
  readonly #known = new Map<string, Known>()
  #keys: Promise<JWTVerifyGetKey> | undefined
  /** On the monotonic clock; before it keys that could not be found are not looked for again. */
  #findAgainMs = 0

  constructor(clock: Clock, options: OAuthOptions) {
    this.#clock = clock
    this.#options = options
  }

  check(token: string): TokenVerdict | Promise<TokenVerdict> {
    if (token.length > longestToken) return { kind: 'forged', cause: new Error('the token is too long') }
    const key = hash('sha256', token, 'base64')
    const known = this.#known.get(key)
    if (known !== undefined && this.#clock.wallMs() < known.untilMs) return known.verdict
    return this.#verify(token, key)
  }

  async #verify(token: string, key: string): Promise<TokenVerdict> {
    try {
      const { payload } = await jwtVerify(token, await this.#findKeysOnce(), {
        issuer: this.#options.issuer,
        audience: this.#options.audience,
        algorithms,
        clockTolerance: this.#options.clockToleranceSeconds,
        currentDate: new Date(this.#clock.wallMs()),
        requiredClaims: ['sub', 'exp'],
      })
      const verdict: TokenVerdict = { kind: 'principal', principal: this.#toPrincipal(payload) }
      this.#remember(key, { verdict, untilMs: this.#trustedUntilMs(payload) })
      return verdict
    } catch (error) {
      return { kind: judge(error), cause: error }
    }
  }

  /** However many tokens come, the issuer is asked once, and again only a while after that failed. */
  #findKeysOnce(): Promise<JWTVerifyGetKey> {
    if (this.#keys !== undefined && this.#clock.monotonicMs() < this.#findAgainMs) return this.#keys
    this.#findAgainMs = Infinity
    this.#keys = this.#findKeys()
    this.#keys.catch(() => (this.#findAgainMs = this.#clock.monotonicMs() + findAgainAfterMs))
    return this.#keys
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { issuer, jwksUrl, jwksCooldownMs } = this.#options
    const url = jwksUrl ?? (await findJwksUrl(issuer, AbortSignal.timeout(fetchTimeoutMs)))
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: fetchTimeoutMs,
      ...(jwksCooldownMs === undefined ? {} : { cooldownDuration: jwksCooldownMs }),
    })
  }

  #toPrincipal(claims: JWTPayload): Principal {
    const { issuer, roleClaim } = this.#options
    const role = roleClaim === undefined ? undefined : claims[roleClaim]
    return Object.freeze({
      id: `oauth:${issuer}#${claims.sub ?? ''}`,
      kind: 'oauth',
      scopes: new Set(scopesOf(claims)),
      role: typeof role === 'string' && role !== '' ? role : undefined,
      weight: weights.normal,
      isShared: false,
    })
  }

  #trustedUntilMs({ exp = 0 }: JWTPayload): number {
    return Math.min((exp + this.#options.clockToleranceSeconds) * 1000, this.#clock.wallMs() + trustMs)
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
    if (this.#known.size <= mostKnown) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

/** Scopes as issuers write them: `scope` in RFC 9068, `scp` in Microsoft Entra and Okta. What is none of ours is passed over. */
function scopesOf({ scope, scp }: JWTPayload): Scope[] {
  const words = new Set([scope, scp].flatMap(toWords))
  return scopes.filter((known) => words.has(known))
}

function toWords(claim: unknown): readonly unknown[] {
  if (typeof claim === 'string') return claim.split(' ')
  return Array.isArray(claim) ? claim : []
}

function judge(error: unknown): Exclude<TokenVerdict['kind'], 'principal'> {
  if (error instanceof errors.JWTExpired) return 'stale'
  if (error instanceof errors.JWTClaimValidationFailed) return 'foreign'
  return forgeries.some((kind) => error instanceof kind) ? 'forged' : 'unavailable'
}

const forgeries = [
  errors.JWSSignatureVerificationFailed,
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
]
