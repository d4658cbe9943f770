import { isObject } from '../../protocol/is-object.ts'

/** A `tools/call` request in plain form, which our own dispatch serves; anything else is left to the SDK. */
export interface ToolCallRequest {
  readonly id: string | number
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>> | undefined
  readonly meta: unknown
}

/** Reads a body that is exactly one `tools/call` request as clients send it; undefined for everything else, however near. */
export function readToolCall(body: unknown): ToolCallRequest | undefined {
  if (!isObject(body) || body['method'] !== 'tools/call' || body['jsonrpc'] !== '2.0') return undefined
  const { id, params } = body
  if ((typeof id !== 'string' && !Number.isInteger(id)) || !isObject(params)) return undefined
  for (const key in params) if (!knownParams.has(key)) return undefined
  const { name, arguments: args, _meta: meta } = params
  if (typeof name !== 'string' || (args !== undefined && !isObject(args))) return undefined
  // Number.isInteger does not narrow.
  return { id: id as string | number, name, arguments: args, meta }
}

const knownParams: ReadonlySet<string> = new Set(['name', 'arguments', '_meta'])
