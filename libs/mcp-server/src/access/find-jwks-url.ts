import { z } from 'zod'

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })

/**
 * Finds where an issuer publishes its keys, by its own metadata (RFC 8414, and OpenID Connect Discovery 1.0).
 * @throws Error where neither place answers with metadata of this very issuer.
 */
export async function findJwksUrl(issuer: string, signal: AbortSignal): Promise<string> {
  const failures: string[] = []
  for (const url of metadataUrls(issuer)) {
    try {
      const reply = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
      const metadata = metadataSchema.parse(await reply.json())
      if (metadata.issuer === issuer) return metadata.jwks_uri
      failures.push(`${url} is about another issuer`)
    } catch (error) {
      failures.push(`${url}: ${(error as Error).message}`)
    }
  }
  throw new Error(`no metadata of the issuer ${issuer} was found: ${failures.join('; ')}`)
}

/** RFC 8414 puts its path in front of the issuer's own, OpenID Connect behind it. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [`${origin}/.well-known/oauth-authorization-server${path}`, `${origin}${path}/.well-known/openid-configuration`]
}
