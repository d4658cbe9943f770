import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** One HTTP request as it arrived, with its JSON-RPC message where it held one. */
export interface SeenRequest {
  /** When it had been read, as `performance.now()` tells it. */
  readonly atMs: number
  readonly verb: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Of whoever sent it. */
  readonly remoteAddress: string
  /** A number for each connection, in the order they came. */
  readonly connection: number
  /** Empty where the request held no JSON-RPC message. */
  readonly method: string
  readonly id: string | number | undefined
  readonly params: Readonly<Record<string, unknown>>
  /** The tool of a `tools/call`, else empty. */
  readonly tool: string
  /** The message as it came. */
  readonly body: string
}

/** Reads a request's whole body; undefined where the client left before its end. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  } catch {
    // The only error of a request is that its connection broke.
    return undefined
  }
}

/** What a request says, read leniently: a test server must see what a wrong client sends. */
export function toSeenRequest(request: IncomingMessage, body: string, connection: number): SeenRequest {
  const message = parseObject(body)
  const params = isObject(message['params']) ? message['params'] : {}
  const method = typeof message['method'] === 'string' ? message['method'] : ''
  const id = typeof message['id'] === 'string' || typeof message['id'] === 'number' ? message['id'] : undefined
  const tool = method === 'tools/call' && typeof params['name'] === 'string' ? params['name'] : ''
  const { method: verb = '', url: path = '', headers } = request
  const { remoteAddress = '' } = request.socket
  return { atMs: performance.now(), verb, path, headers, remoteAddress, connection, method, id, params, tool, body }
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body)
    return isObject(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
