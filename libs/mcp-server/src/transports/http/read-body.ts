import type { IncomingMessage } from 'node:http'
import { rpcCodes, type JsonRpcError } from '../../protocol/call-reply.ts'
import { parseJson } from '../../protocol/parse-json.ts'

export type ReadBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly error: JsonRpcError }
  /** The client went away, or was too slow and has been told so. */
  | { readonly kind: 'gone' }

/** Reads a request's body as JSON, no more of it than `maxBytes`; what cannot be read becomes the refusal to answer with. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  if (!isJson(request.headers['content-type'])) return notJson
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes)
  const text = await readText(request, maxBytes)
  if (text === undefined) return { kind: 'gone' }
  return text === 'too large' ? tooLarge(maxBytes) : parseBody(text.toString())
}

function readText(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large' | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) resolve('too large')
      else chunks.push(chunk)
    })
    // Nearly every body arrives in one piece.
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('close', () => resolve(undefined))
  })
}

function parseBody(text: string): ReadBody {
  try {
    return { kind: 'json', value: parseJson(text) }
  } catch (error) {
    // JSON parsers throw nothing but errors.
    return refused(400, rpcCodes.parse, `Parse error: ${(error as Error).message}`)
  }
}

const jsonType = 'application/json'

/** Whether a content type is JSON, whatever its parameters. */
function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === jsonType) return contentType !== undefined
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === jsonType
}

const notJson = refused(415, rpcCodes.server, 'Unsupported Media Type: Content-Type must be application/json')

function tooLarge(maxBytes: number): ReadBody {
  return refused(413, rpcCodes.server, `Request body is too large: it may have ${maxBytes} bytes.`)
}

function refused(status: number, code: number, message: string): ReadBody {
  return { kind: 'refused', status, error: { code, message } }
}
