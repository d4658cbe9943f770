import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify'
import { CodedError } from '@squall/errors'
import type { Access, AccessRefusal, Authentication } from '../../access/access.ts'
import { allows, type Principal, type Scope } from '../../access/principal.ts'
import { describeResource, metadataPathsOf } from '../../access/protected-resource.ts'
import { mcpServerErrors } from '../../errors.ts'
import { rpcCodes } from '../../protocol/call-reply.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; undefined only for what is open to everybody. */
    principal: Principal | undefined
  }
}

/** Finds out who sends each request before its body is read, and turns away who may not. */
export function authenticateRequests(access: Access, needed?: Scope): onRequestHookHandler {
  return (request, reply, done) => {
    const settle = (found: Authentication): void => {
      const refusal = found.kind === 'refused' ? found : refuseScope(access, found.principal, needed)
      if (refusal !== undefined) return sendAccessRefusal(reply, refusal)
      // Only a principal is not refused.
      if (found.kind === 'principal') request.principal = found.principal
      done()
    }
    const found = access.authenticate(request.headers, request.ip)
    if (found instanceof Promise) void found.then(settle)
    else settle(found)
  }
}

function refuseScope(access: Access, principal: Principal, needed: Scope | undefined): AccessRefusal | undefined {
  if (needed === undefined || allows(principal, needed)) return undefined
  access.count('insufficient_scope')
  const message = `The request needs the scope "${needed}", which the caller was not given.`
  const error = new CodedError(mcpServerErrors.MCP_INSUFFICIENT_SCOPE, { message })
  return { kind: 'refused', status: 403, error, challenge: access.challenger.insufficientScope(needed) }
}

/** Answers in the form of JSON-RPC, which also serves who only looks at the status. */
export function sendAccessRefusal(reply: FastifyReply, { status, error, challenge, retryAfterMs }: AccessRefusal): void {
  if (challenge !== undefined) void reply.header('www-authenticate', challenge)
  const retry = retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }
  if (retry.retryAfterSeconds !== undefined) void reply.header('retry-after', retry.retryAfterSeconds)
  const data = { code: error.code, hint: error.hint, ...retry }
  void reply.code(status).send({ jsonrpc: '2.0', error: { code: rpcCodes.server, message: error.message, data }, id: null })
}

/** Serves what clients need to find the authorization server; open to all, as they have no token yet. */
export function resourceMetadata({ resource }: Access, name: string): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    if (resource === undefined) return
    const metadata = describeResource(resource, name)
    // A browser's client asks from another origin, and there is no secret in it.
    for (const path of metadataPathsOf(resource.publicUrl))
      app.get(path, (_request, reply) => void reply.header('access-control-allow-origin', '*').send(metadata))
  }
}
