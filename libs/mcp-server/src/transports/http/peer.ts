import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import type { Access, AccessRefusal, Authentication } from '../../access/access.ts'
import type { Principal } from '../../access/principal.ts'
import { rpcCodes, type JsonRpcError } from '../../protocol/call-reply.ts'

/** Who is at the other end of a connection. */
export interface Peer {
  readonly kind: 'peer'
  readonly remoteAddress: string | undefined
  /** Absent only where nobody has been asked. */
  readonly principal: Principal | undefined
}

/** Finds out who sends a request by its headers and its connection. */
export type FindPeer = (request: IncomingMessage) => Peer | AccessRefusal | Promise<Peer | AccessRefusal>

/** @param trustedProxies addresses and ranges of proxies whose X-Forwarded-For is believed. */
export function createFindPeer(access: Access, trustedProxies: readonly string[] | undefined): FindPeer {
  const trust = trustedProxies === undefined ? undefined : proxyAddr.compile([...trustedProxies])
  return (request) => {
    const remoteAddress = trust === undefined ? request.socket.remoteAddress : proxyAddr(request, trust)
    const toPeer = (found: Authentication): Peer | AccessRefusal =>
      found.kind === 'refused' ? found : { kind: 'peer', remoteAddress, principal: found.principal }
    const found = access.authenticate(request.headers, remoteAddress)
    return found instanceof Promise ? found.then(toPeer) : toPeer(found)
  }
}

/** A refusal as JSON-RPC and HTTP say it. */
export interface RefusalReply {
  readonly status: number
  readonly error: JsonRpcError
  readonly headers: Readonly<Record<string, string | number>>
}

export function toRefusalReply({ status, error, challenge, retryAfterMs }: AccessRefusal): RefusalReply {
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000)
  const data = { code: error.code, hint: error.hint, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
  const headers = {
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': retryAfterSeconds }),
  }
  return { status, error: { code: rpcCodes.server, message: error.message, data }, headers }
}
