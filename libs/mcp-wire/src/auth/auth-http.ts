import * as oauth from 'oauth4webapi'
import type { ClientCredentialsOptions } from './client-credentials.ts'
import { fetchWith } from './fetch-with.ts'

// Marked as deprecated to warn of its use: whoever loads a server without TLS cannot ask its authorization server to have it.
// oxlint-disable-next-line typescript/no-deprecated -- see above
const { allowInsecureRequests } = oauth

/** How every request for metadata or a token is made. */
export interface AuthHttp {
  readonly signal: AbortSignal
  readonly [oauth.customFetch]: ReturnType<typeof fetchWith>
  readonly [allowInsecureRequests]: boolean
}

/** @param signal ends the request. */
export function toAuthHttp(options: ClientCredentialsOptions, signal: AbortSignal): AuthHttp {
  const { target, tokenUrl = target } = options
  const isPlain = [target, tokenUrl].some((url) => url.startsWith('http:') || url.startsWith('ws:'))
  return { signal, [oauth.customFetch]: fetchWith(options), [allowInsecureRequests]: isPlain }
}
