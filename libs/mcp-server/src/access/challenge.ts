import { metadataUrlOf } from './protected-resource.ts'
import type { Scope } from './principal.ts'

/** Words the header WWW-Authenticate (RFC 6750, RFC 9728), so that a client knows where to get a token and for what. */
export interface Challenger {
  /** @param problem what was wrong with the credential that was shown; absent where none was. */
  unauthenticated(problem?: string): string
  insufficientScope(needed: Scope): string
}

/** What a client that has no token yet should ask for. */
const usualScopes = 'read query'

/** @param publicUrl of the MCP endpoint, where an authorization server gives out tokens for it. */
export function createChallenger(publicUrl?: string): Challenger {
  const where = publicUrl === undefined ? '' : `, resource_metadata="${metadataUrlOf(publicUrl)}"`
  return {
    unauthenticated(problem) {
      const error = problem === undefined ? '' : `, error="invalid_token", error_description="${problem}"`
      return `Bearer realm="mcp"${error}, scope="${usualScopes}"${where}`
    },
    insufficientScope: (needed) => `Bearer realm="mcp", error="insufficient_scope", scope="${needed}"${where}`,
  }
}
