import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { CodedError } from '@squall/errors'
import { WebSocketServer } from 'ws'
import { rpcCodes } from '../../protocol/call-reply.ts'
import { isMcp } from '../http/front.ts'
import type { HostCheck } from '../http/host-check.ts'
import { toRefusalReply, type FindPeer, type Peer, type RefusalReply } from '../http/peer.ts'
import { serveSocket, type SocketOptions } from './serve-socket.ts'

export interface WebSocketEndpointOptions extends SocketOptions {
  readonly checkHost: HostCheck
  readonly findPeer: FindPeer
  readonly maxMessageBytes: number
}

export interface WebSocketEndpoint {
  /** Takes over a connection whose client wants to speak WebSocket, or says why not. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Says goodbye to every client. */
  close(): Promise<void>
}

const subprotocol = 'mcp'
const path = '/ws'
const goingAway = 1001

/** Serves MCP over WebSocket at `/ws` and `/mcp`: a JSON-RPC message a text frame, either era, one session a connection. */
export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { core, checkHost, findPeer, maxMessageBytes, onError } = options
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  })

  const letIn = (request: IncomingMessage, socket: Duplex, head: Buffer, peer: Peer): void => {
    const open = serveSocket(options, request, peer)
    if (open instanceof CodedError) return refuse(socket, plainRefusal(503, open.message))
    core.metrics.httpReplied(101, 0)
    server.handleUpgrade(request, socket, head, open)
  }

  const refuse = (socket: Duplex, { status, error, headers }: RefusalReply): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', error, id: null })
    const length = Buffer.byteLength(body)
    core.metrics.httpReplied(status, length)
    const more = { ...headers, connection: 'close', 'content-type': 'application/json', 'content-length': length }
    const lines = Object.entries(more).map(([name, value]) => `${name}: ${value}`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  }

  const consider = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const unfit = refusalOf(request, checkHost)
    if (unfit !== undefined) return refuse(socket, unfit)
    const peer = await findPeer(request)
    if (peer.kind === 'refused') refuse(socket, toRefusalReply(peer))
    else letIn(request, socket, head, peer)
  }

  return {
    upgrade(request, socket, head) {
      // Without a listener an error of the socket would end the program.
      socket.on('error', () => socket.destroy())
      consider(request, socket, head).catch((error: unknown) => {
        onError(error instanceof Error ? error : new Error(String(error)))
        socket.destroy()
      })
    },
    async close() {
      for (const client of server.clients) client.close(goingAway, 'the server is shutting down')
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function plainRefusal(status: number, message: string): RefusalReply {
  return { status, error: { code: rpcCodes.server, message }, headers: {} }
}

function refusalOf(request: IncomingMessage, checkHost: HostCheck): RefusalReply | undefined {
  const badName = checkHost(request)
  if (badName !== undefined) return plainRefusal(403, badName)
  const { upgrade, 'sec-websocket-protocol': offered } = request.headers
  if (upgrade?.toLowerCase() !== 'websocket') return plainRefusal(400, 'Bad Request: the only upgrade here is to websocket')
  if (!isMcp(request.url) && request.url !== path) return plainRefusal(404, `Not Found: WebSocket is served at ${path} and /mcp`)
  const isSpoken = offered === undefined || offered.split(',').some((one) => one.trim() === subprotocol)
  return isSpoken ? undefined : plainRefusal(400, `Bad Request: the only WebSocket subprotocol here is ${subprotocol}`)
}
