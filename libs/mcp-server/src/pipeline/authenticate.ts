import { CodedError } from '@squall/errors'
import type { Access } from '../access/access.ts'
import { isLoopback } from '../access/loopback.ts'
import { allows } from '../access/principal.ts'
import { scopeOfTool } from '../access/tool-scopes.ts'
import { mcpServerErrors } from '../errors.ts'
import { principalOf, type Caller } from '../request-context.ts'
import type { Stage } from './stage.ts'

/**
 * Lets in whom the transport has proven, for the tools they may use. A transport that proved nobody is trusted with callers of this
 * machine alone, and only where nobody has to prove anything; so one that forgets to ask lets nobody in.
 */
export function requireAccess(access: Access): Stage {
  return ({ caller, tool }, next) => {
    if (!isKnown(caller, access)) {
      access.count('missing')
      const challenge = access.challenger.unauthenticated()
      return Promise.resolve({
        kind: 'refused',
        status: 401,
        error: CodedError.refusal(mcpServerErrors.MCP_UNAUTHENTICATED),
        challenge,
      })
    }
    const needed = scopeOfTool(tool)
    if (allows(principalOf(caller), needed)) return next()
    access.count('insufficient_scope')
    const message = `The tool ${tool} needs the scope "${needed}", which the caller was not given.`
    const error = CodedError.refusal(mcpServerErrors.MCP_INSUFFICIENT_SCOPE, { message })
    return Promise.resolve({ kind: 'refused', status: 403, error, challenge: access.challenger.insufficientScope(needed) })
  }
}

function isKnown({ transport, principal, remoteAddress }: Caller, { isRequired }: Access): boolean {
  if (transport === 'stdio' || principal !== undefined) return true
  return !isRequired && remoteAddress !== undefined && isLoopback(remoteAddress)
}
