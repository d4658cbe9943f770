import type { IncomingHttpHeaders } from 'node:http'
import { CodedError } from '@squall/errors'
import type { Clock } from '@squall/time'
import { mcpServerErrors } from '../errors.ts'
import { AccessTokens, type OAuthOptions, type TokenVerdict } from './access-tokens.ts'
import { Keyring, type ApiKey } from './api-keys.ts'
import { createChallenger, type Challenger } from './challenge.ts'
import { LockOut, type LockOutLimits } from './lock-out.ts'
import { isLoopback } from './loopback.ts'
import { localPrincipal, type Principal } from './principal.ts'
import type { ProtectedResource } from './protected-resource.ts'
import { withSnowflakeToken } from './snowflake-token.ts'
import { readCredential, type Credential } from './read-credential.ts'

export interface AccessOptions {
  readonly clock: Clock
  readonly keys: readonly ApiKey[]
  /** An authorization server whose tokens are taken, and where clients find the MCP endpoint: the resource it protects. */
  readonly oauth?: (OAuthOptions & ProtectedResource) | undefined
  readonly lockOut: LockOutLimits
  /** Told, now and then while it lasts, why the keys of the authorization server cannot be had. */
  readonly onTrouble?: ((cause: unknown) => void) | undefined
  /** Told of each credential that was not taken; not of requests without one, nor of those that are locked out. */
  readonly onRefused?: ((reason: RefusalReason, remoteAddress: string | undefined) => void) | undefined
  /** Whether callers may sign in to Snowflake as themselves, with a token in the header `x-snowflake-token`. */
  readonly takesSnowflakeTokens?: boolean
}

/** A request that was turned away, as HTTP says it; other transports say the same in their form. */
export interface AccessRefusal {
  readonly kind: 'refused'
  readonly status: 401 | 403 | 429 | 503
  readonly error: CodedError
  /** For the header WWW-Authenticate. */
  readonly challenge?: string
  readonly retryAfterMs?: number
}

export type Authentication = { readonly kind: 'principal'; readonly principal: Principal } | AccessRefusal

/** Numbers since the start. */
export interface AccessStats {
  readonly refused: Readonly<Record<RefusalReason, number>>
  readonly lockOuts: number
}

export type RefusalReason =
  | 'missing'
  | 'invalid'
  | 'expired'
  | 'wrong_audience'
  | 'insufficient_scope'
  | 'locked_out'
  | 'unavailable'

/** Tells who calls. */
export interface Access {
  /** Whether callers must prove who they are; else only this machine may call. */
  readonly isRequired: boolean
  /**
   * The one way to know a caller, for every transport that carries headers. Answers at once, without a promise, unless a token was
   * never seen before. Nothing it answers repeats the credential.
   */
  authenticate(headers: IncomingHttpHeaders, remoteAddress: string | undefined): Authentication | Promise<Authentication>
  readonly challenger: Challenger
  /** Where an authorization server gives out tokens for this one. */
  readonly resource: ProtectedResource | undefined
  /** Counts a refusal that was made elsewhere. */
  count(reason: RefusalReason): void
  stats(): AccessStats
}

/** Whoever sends tokens while the issuer is away must not fill the log. */
const tellAgainAfterMs = 10_000

export function createAccess(options: AccessOptions): Access {
  const access = createIdentification(options)
  if (options.takesSnowflakeTokens !== true) return access
  return {
    ...access,
    authenticate(headers, remoteAddress) {
      const found = access.authenticate(headers, remoteAddress)
      return found instanceof Promise ? found.then((late) => withToken(late, headers)) : withToken(found, headers)
    },
  }
}

function withToken(found: Authentication, headers: IncomingHttpHeaders): Authentication {
  return found.kind === 'refused' ? found : { kind: 'principal', principal: withSnowflakeToken(found.principal, headers) }
}

function createIdentification({ clock, keys, oauth, lockOut: lockOutLimits, onRefused, onTrouble }: AccessOptions): Access {
  let tellAgainMs = 0
  const tellTrouble = (cause: unknown): void => {
    const nowMs = clock.monotonicMs()
    if (nowMs < tellAgainMs) return
    tellAgainMs = nowMs + tellAgainAfterMs
    onTrouble?.(cause)
  }

  const keyring = new Keyring(clock, keys)
  const tokens = oauth === undefined ? undefined : new AccessTokens(clock, oauth)
  const lockOut = new LockOut(clock, lockOutLimits)
  const challenger = createChallenger(oauth?.publicUrl)
  const isRequired = keys.length > 0 || tokens !== undefined
  const refused: Record<RefusalReason, number> = {
    missing: 0,
    invalid: 0,
    expired: 0,
    wrong_audience: 0,
    insufficient_scope: 0,
    locked_out: 0,
    unavailable: 0,
  }

  const unauthenticated = (reason: RefusalReason, message: string, remoteAddress?: string): AccessRefusal => {
    refused[reason] += 1
    if (reason !== 'missing') onRefused?.(reason, remoteAddress)
    const challenge = challenger.unauthenticated(reason === 'missing' ? undefined : message)
    return { kind: 'refused', status: 401, error: new CodedError(mcpServerErrors.MCP_UNAUTHENTICATED, { message }), challenge }
  }

  const guessed = (remoteAddress: string | undefined, message: string): AccessRefusal => {
    lockOut.failed(remoteAddress ?? '')
    return unauthenticated('invalid', message, remoteAddress)
  }

  const judgeToken = (verdict: TokenVerdict, remoteAddress: string | undefined): Authentication => {
    if (verdict.kind === 'principal') return verdict
    if (verdict.kind === 'forged') return guessed(remoteAddress, 'The access token is not valid.')
    if (verdict.kind === 'stale') return unauthenticated('expired', 'The access token has expired.', remoteAddress)
    if (verdict.kind === 'foreign')
      return unauthenticated('wrong_audience', 'The access token is not for this server.', remoteAddress)
    refused.unavailable += 1
    tellTrouble(verdict.cause)
    const error = new CodedError(mcpServerErrors.MCP_AUTHORIZATION_UNAVAILABLE, { cause: verdict.cause })
    return { kind: 'refused', status: 503, error, retryAfterMs: 5000 }
  }

  const checkCredential = (
    credential: Credential,
    remoteAddress: string | undefined,
  ): Authentication | Promise<Authentication> => {
    if (credential.looksLikeToken && tokens !== undefined) {
      const verdict = tokens.check(credential.value)
      if (!(verdict instanceof Promise)) return judgeToken(verdict, remoteAddress)
      return verdict.then((late) => judgeToken(late, remoteAddress))
    }
    const verdict = keyring.check(credential.value, remoteAddress)
    if (verdict.kind === 'principal') return verdict
    if (verdict.kind === 'expired') return unauthenticated('expired', 'The API key has expired.', remoteAddress)
    return guessed(remoteAddress, 'The API key or access token is not known here.')
  }

  const lockedOut = (retryAfterMs: number): AccessRefusal => {
    refused.locked_out += 1
    return { kind: 'refused', status: 429, error: new CodedError(mcpServerErrors.MCP_LOCKED_OUT), retryAfterMs }
  }

  return {
    isRequired,
    challenger,
    resource: oauth,
    authenticate(headers, remoteAddress) {
      if (!isRequired)
        return isLoopback(remoteAddress ?? '') ? local : unauthenticated('missing', mcpServerErrors.MCP_UNAUTHENTICATED.summary)
      const lockedMs = lockOut.remainingMs(remoteAddress ?? '')
      if (lockedMs > 0) return lockedOut(lockedMs)
      const credential = readCredential(headers)
      if (credential === undefined) return unauthenticated('missing', 'The request names no API key and no access token.')
      return checkCredential(credential, remoteAddress)
    },
    count: (reason) => void (refused[reason] += 1),
    stats: () => ({ refused: { ...refused }, lockOuts: lockOut.lockedTotal }),
  }
}

const local: Authentication = { kind: 'principal', principal: localPrincipal }
