import type { IncomingHttpHeaders } from 'node:http'

/** What a request shows to say who sends it. */
export interface Credential {
  readonly value: string
  /** Three parts joined by dots, as a JWT is. */
  readonly looksLikeToken: boolean
}

/** Reads `Authorization: Bearer …` or `X-API-Key: …`; undefined where there is neither. Queries are never read: they end up in logs. */
export function readCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const { authorization } = headers
  if (authorization !== undefined) {
    const value = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? ''
    return { value, looksLikeToken: tokenPattern.test(value) }
  }
  const key = headers['x-api-key']
  return typeof key === 'string' ? { value: key, looksLikeToken: false } : undefined
}

const tokenPattern = /^[\w-]+\.[\w-]+\.[\w-]*$/
