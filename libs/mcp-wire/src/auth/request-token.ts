import * as oauth from 'oauth4webapi'
import type { ClientCredentialsOptions } from './client-credentials.ts'
import { toSigningKey } from './to-signing-key.ts'
import { findAuthorizationServer } from './find-authorization-server.ts'
import { toAuthHttp } from './auth-http.ts'
import { TokenRefusal } from './token-refusal.ts'

export interface TokenGrant {
  readonly token: string
  /** Infinite where the server does not say. */
  readonly lifetimeMs: number
}

/**
 * Asks the authorization server for one token.
 * @throws TokenRefusal where it gives none.
 */
export async function requestToken(options: ClientCredentialsOptions): Promise<TokenGrant> {
  const { clock, timeoutMs } = options
  const limit = new AbortController()
  const timer = clock.at(clock.monotonicMs() + timeoutMs, () => limit.abort(new Error(`no answer within ${timeoutMs} ms`)))
  try {
    return await grantOnce(options, limit.signal)
  } catch (error) {
    throw toRefusal(error)
  } finally {
    timer.cancel()
  }
}

async function grantOnce(options: ClientCredentialsOptions, signal: AbortSignal): Promise<TokenGrant> {
  const { clientId, scope, audience, target } = options
  const http = toAuthHttp(options, signal)
  const server = await findAuthorizationServer(options, http)
  const client = { client_id: clientId }
  const parameters = new URLSearchParams({ resource: options.resource ?? target })
  if (scope !== undefined) parameters.set('scope', scope)
  if (audience !== undefined) parameters.set('audience', audience)
  const response = await oauth.clientCredentialsGrantRequest(server, client, proofFor(options, server), parameters, http)
  const { access_token: token, expires_in: lifetimeSeconds } = await oauth.processClientCredentialsResponse(
    server,
    client,
    response,
  )
  return { token, lifetimeMs: lifetimeSeconds === undefined ? Number.POSITIVE_INFINITY : lifetimeSeconds * 1000 }
}

function proofFor(
  { clientSecret = '', privateKey }: ClientCredentialsOptions,
  server: oauth.AuthorizationServer,
): oauth.ClientAuth {
  if (privateKey !== undefined) return oauth.PrivateKeyJwt(toSigningKey(privateKey))
  return takesBasic(server) ? basic(clientSecret) : oauth.ClientSecretPost(clientSecret)
}

/**
 * Escapes no more than RFC 6749, appendix B needs: the library's own proof escapes hyphens and points as well, and many
 * servers compare the secret without undoing it.
 */
const basic =
  (clientSecret: string): oauth.ClientAuth =>
  (_server, { client_id: clientId }, _body, headers) => {
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }

/** The usual method where the server does not say. Source: RFC 8414, section 2. */
function takesBasic({ token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer): boolean {
  return methods === undefined || methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
}

function toRefusal(error: unknown): TokenRefusal {
  if (error instanceof TokenRefusal) return error
  if (error instanceof oauth.ResponseBodyError) {
    return new TokenRefusal('auth.refused', `the authorization server refused a token: ${error.error}`, error)
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return new TokenRefusal('auth.refused', `the authorization server refused a token with status ${error.status}`, error)
  }
  return new TokenRefusal('auth.unavailable', `no access token was to be had: ${reasonOf(error)}`, error)
}

/** What failed lies below: fetch itself only says that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name
}
