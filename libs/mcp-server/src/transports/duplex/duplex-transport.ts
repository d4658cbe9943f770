import { parseJSONRPCMessage, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server'
import { rpcCodes } from '../../protocol/call-reply.ts'
import { parseJson } from '../../protocol/parse-json.ts'

export interface DuplexOptions {
  readonly write: (text: string) => void
  /** Ends the connection. */
  readonly end: () => void
  /** Told of each message that could not be taken, and why. */
  readonly onRefused: (reason: RefusalReason) => void
}

/** Why a message was refused before anybody looked at what it asks. */
export type RefusalReason = 'no_json' | 'no_message' | 'batch' | 'too_large'

const refusals: Readonly<Record<RefusalReason, { readonly code: number; readonly message: string }>> = {
  no_json: { code: rpcCodes.parse, message: 'Parse error: this is no JSON, or JSON of a kind that is not taken' },
  no_message: { code: rpcCodes.invalidRequest, message: 'Invalid Request: this is no JSON-RPC 2.0 message' },
  batch: { code: rpcCodes.invalidRequest, message: 'Invalid Request: there are no batches here; send each message by itself' },
  too_large: { code: rpcCodes.invalidRequest, message: 'Invalid Request: the message is too large' },
}

/**
 * A connection on which single messages travel both ways, as the SDK's servers take them. What is no message is answered as such,
 * and does no harm to the next.
 */
export class DuplexTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  readonly #options: DuplexOptions
  #isClosed = false

  constructor(options: DuplexOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    // Messages are handed in by whoever owns the connection.
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.#isClosed) this.#options.write(JSON.stringify(message))
  }

  async close(): Promise<void> {
    this.#options.end()
    this.closed()
  }

  /** The connection has ended. */
  closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.onclose?.()
  }

  /** Takes one message of the client. */
  receive(text: string): void {
    const read = readMessage(text)
    if ('reason' in read) this.refuse(read.reason)
    else this.onmessage?.(read.message)
  }

  refuse(reason: RefusalReason): void {
    this.#options.onRefused(reason)
    this.#options.write(JSON.stringify({ jsonrpc: '2.0', error: refusals[reason], id: null }))
  }
}

function readMessage(text: string): { readonly message: JSONRPCMessage } | { readonly reason: RefusalReason } {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    return { reason: 'no_json' }
  }
  if (Array.isArray(value)) return { reason: 'batch' }
  try {
    return { message: parseJSONRPCMessage(value) }
  } catch {
    return { reason: 'no_message' }
  }
}
