import type { Socket } from 'node:net'
import type { Exchange } from './exchange.ts'

/** A request on its way to another process that listens at the same address: its connection, and what was read of it already. */
export interface CarriedRequest {
  /** Nothing is read from it any more. */
  readonly socket: Socket
  readonly bytes: Buffer
}

/** Says of a request for a session that is not here whether another process takes it; if so the connection is that one's. */
export type TakeElsewhere = (sessionId: string, carry: () => CarriedRequest) => boolean

/** Puts a request that was read back into bytes. */
export function carry({ request, body }: Exchange): CarriedRequest {
  const { socket, rawHeaders, method, url } = request
  socket.pause()
  const text = body === undefined ? '' : JSON.stringify(body)
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (!framing.has(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(text)}`)
  // Node reads the bytes of headers as Latin-1.
  return { socket, bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(text)]) }
}

/** Says how long the body was as it came; it is written anew. */
const framing: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect'])
