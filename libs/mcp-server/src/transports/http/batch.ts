import { rpcCodes } from '../../protocol/call-reply.ts'
import type { Exchange } from './exchange.ts'

/** Batches were part of the protocol until this version. */
const firstWithoutBatches = '2025-06-18'
const mostMessages = 100

/**
 * Refuses a batch where the protocol version of the request or its session knows none, or where it is out of all proportion.
 * @returns whether it was refused.
 */
export function refuseBatch(exchange: Exchange, sessionVersion: string | undefined): boolean {
  const { body } = exchange
  if (!Array.isArray(body)) return false
  const version = exchange.header('mcp-protocol-version') ?? sessionVersion ?? ''
  const reason = reasonAgainst(body, version)
  if (reason === undefined) return false
  exchange.sendError(400, { code: rpcCodes.invalidRequest, message: `Invalid Request: ${reason}` })
  return true
}

function reasonAgainst(batch: readonly unknown[], version: string): string | undefined {
  if (version >= firstWithoutBatches) return `protocol version ${version} has no batches; send each message by itself`
  return batch.length > mostMessages ? `a batch may have ${mostMessages} messages, and this one has ${batch.length}` : undefined
}
