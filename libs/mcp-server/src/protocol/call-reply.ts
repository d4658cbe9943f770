import type { CallOutcome, ToolResult } from '../tool-result.ts'

/** A tool call's outcome as JSON-RPC says it. */
export type CallReply = { readonly result: ToolResult } | ErrorReply

/** Why there is no result, and what HTTP says of it. */
export interface ErrorReply {
  readonly error: JsonRpcError
  readonly httpStatus: number
  readonly retryAfterSeconds?: number
  readonly challenge?: string
}

/** What HTTP says of a refused call beside its status. */
export function refusalHeaders({ retryAfterSeconds, challenge }: ErrorReply): Readonly<Record<string, string | number>> {
  return {
    ...(retryAfterSeconds !== undefined && { 'retry-after': retryAfterSeconds }),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
  }
}

export interface JsonRpcError {
  readonly code: number
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
}

export const rpcCodes = {
  invalidRequest: -32_600,
  invalidParams: -32_602,
  internal: -32_603,
  parse: -32_700,
  server: -32_000,
} as const

/**
 * Puts an outcome into the protocol's form: what a model can mend is a result, what it cannot is an error.
 * The name of an unknown tool is wrong in the request itself, which the protocol answers with invalid params.
 */
export function toCallReply(outcome: CallOutcome): CallReply {
  if (outcome.kind === 'answered') return { result: outcome.result }
  if (outcome.kind === 'unknown-tool')
    return { error: { code: rpcCodes.invalidParams, message: outcome.message }, httpStatus: 200 }
  if (outcome.kind === 'cancelled')
    return { error: { code: rpcCodes.server, message: 'The call was cancelled.' }, httpStatus: 200 }
  const { error, status, retryAfterMs, challenge } = outcome
  const retry = retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }
  const data = { code: error.code, hint: error.hint, ...retry }
  return {
    error: { code: rpcCodes.server, message: error.message, data },
    httpStatus: status,
    ...retry,
    ...(challenge !== undefined && { challenge }),
  }
}
