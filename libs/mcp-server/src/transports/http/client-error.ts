import type { Socket } from 'node:net'
import { STATUS_CODES } from 'node:http'
import { rpcCodes } from '../../protocol/call-reply.ts'
import type { ServerCore } from '../../server-core.ts'

const statusByCode: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request: this is not HTTP/1.1 as it should be',
  408: 'Request Timeout: the request did not arrive in time',
  431: 'Request Header Fields Too Large',
}

/** Answers what never became a request: bytes that are no HTTP, headers without end, a body that does not come. */
export function answerClientError({ metrics }: ServerCore, error: NodeJS.ErrnoException, socket: Socket): void {
  // Nobody is there to be told, or a reply is on its way already.
  if (error.code === 'ECONNRESET' || !socket.writable || isReplying(socket)) return void socket.destroy()
  const status = statusByCode[error.code ?? ''] ?? 400
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: rpcCodes.server, message: messages[status] }, id: null })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  metrics.httpReplied(status, body.length)
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** Node's own default for such errors looks here as well: there is no public way to the reply a socket is busy with. */
function isReplying(socket: Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true
}
