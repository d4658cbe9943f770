import type { IncomingMessage } from 'node:http'
import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server'

/** Says why a request may not come in by its Host or Origin header; undefined where it may. */
export type HostCheck = (request: IncomingMessage) => string | undefined

const mostRemembered = 256

/**
 * Checks the names a request uses for this server: a page in a browser must not reach it under a name rebound to this machine.
 * Verdicts are remembered, as most requests say the same.
 * @param allowed host names without port; `[::1]` for IPv6.
 */
export function createHostCheck(allowed: readonly string[]): HostCheck {
  const hosts = [...allowed]
  const checkHost = remembering((header) => toReason(validateHostHeader(header, hosts)))
  const checkOrigin = remembering((header) => toReason(validateOriginHeader(header, hosts)))
  return ({ headers: { host, origin } }) => checkHost(host) ?? (origin === undefined ? undefined : checkOrigin(origin))
}

type Verdict = { readonly ok: true } | { readonly ok: false; readonly message: string }

function toReason(verdict: Verdict): string | undefined {
  return verdict.ok ? undefined : verdict.message
}

function remembering(check: (header: string | undefined) => string | undefined): typeof check {
  const known = new Map<string | undefined, string | undefined>()
  return (header) => {
    if (known.has(header)) return known.get(header)
    const verdict = check(header)
    // Headers are whatever clients send: what is remembered of them has an end.
    if (known.size >= mostRemembered) known.clear()
    known.set(header, verdict)
    return verdict
  }
}
