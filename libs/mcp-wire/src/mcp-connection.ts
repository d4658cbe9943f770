import type { CallOutcome } from './call-outcome.ts'

/** Newest protocol version with the initialize handshake. */
export const newestLegacyVersion = '2025-11-25'
/** The version without handshake and sessions. */
export const modernVersion = '2026-07-28'

/**
 * Which of MCP's two ways of speaking a connection follows: `legacy` opens with `initialize` and may carry a session;
 * `modern` (2026-07-28) has neither, and every request says who asks.
 */
export interface Dialect {
  readonly era: 'legacy' | 'modern'
  /** Asked for in `initialize`, or named in every modern request. */
  readonly protocolVersion: string
}

/** Who a client says it is. */
export interface ClientIdentity {
  readonly clientInfo: { readonly name: string; readonly version: string; readonly [key: string]: unknown }
  readonly capabilities: { readonly [key: string]: unknown }
}

export type RequestId = string | number

/** One MCP request. Its parameters come as JSON text, so that what never changes is serialised once. */
export interface McpRequest {
  readonly method: string
  /** What `Mcp-Name` repeats in the modern era: the tool, the prompt, or the resource's URI. */
  readonly name?: string
  /** A JSON object without `_meta`; `{}` where there is nothing to say. */
  readonly paramsJson: string
  /** Only where a client kind is known for odd ids; else numbers count up. */
  readonly id?: RequestId
  /** Asks the server to tell how far it is: a `progressToken` travels along, which is the request's id. */
  readonly wantsProgress?: boolean
  /** After so long without an answer the client loses interest: the call is `cancelled`, as the era demands. */
  readonly cancelAfterMs?: number
}

export type TakeOutcome = (outcome: CallOutcome) => void

export interface Traffic {
  /** Message bytes, without HTTP headers; since the connection was made. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Answers nobody waited for: late, doubled, or with an unknown id. */
  readonly strayReplies: number
}

/** One client's line to an MCP server. Owns its sockets or its process until `close`. */
export interface McpConnection {
  readonly dialect: Dialect
  /** Changes the way of speaking, and forgets the session: before `initialize`, and to fall back after a probe. */
  speak(dialect: Dialect): void
  /**
   * Sends a request and resolves with its checked outcome; never rejects.
   * An abort ends the call as `stopped`, a late answer as `transport.timeout`; both cancel it as the era demands.
   */
  request(request: McpRequest, signal: AbortSignal): Promise<CallOutcome>
  /**
   * As `request`, without a promise, which is a part of what a call costs.
   * @param take hears of the outcome once, perhaps before this returns. It must not throw.
   */
  ask(request: McpRequest, signal: AbortSignal, take: TakeOutcome): void
  /** Sends a notification; the outcome's result is empty. Never rejects. */
  notify(method: string, paramsJson: string, signal: AbortSignal): Promise<CallOutcome>
  /**
   * Opens the stream on which the server may speak first, and keeps it open. Without effect where the transport has none.
   * @param resources in the modern era: URIs of which to hear updates; the legacy era subscribes by requests.
   */
  holdStream(resources?: readonly string[]): void
  /** Breaks the held stream's socket, and opens the stream again behind the last event seen. Without effect where none is held. */
  resumeStream(): void
  /**
   * Fetches a path of the server outside MCP, as clients do in search of metadata; the answer is thrown away.
   * @param headers beside those of every request.
   */
  probe(path: string, signal: AbortSignal, headers?: Readonly<Record<string, string>>): Promise<void>
  /** From now on every request carries these credentials, as its `Authorization`. Without effect where the transport has no headers. */
  authorize(authorization: string): void
  readonly hasSession: boolean
  /** The line is gone, and the session that lived on it: only a new connection brings one back. */
  readonly isLost: boolean
  readonly traffic: Traffic
  /** Ends the session with the server where asked to and where there is one, then frees everything. Never rejects. */
  close(leaving: 'end-session' | 'abandon'): Promise<void>
}
