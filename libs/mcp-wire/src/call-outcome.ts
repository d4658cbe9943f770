/** A JSON object as it came off the wire. */
export type JsonObject = { readonly [key: string]: unknown }

/** When things happened, on the injected monotonic clock, and how large the messages were. */
export interface CallMeasures {
  /** The request was handed to the transport. */
  readonly sentMs: number
  /** The first byte of the answer arrived; absent where none did. */
  readonly firstByteMs?: number
  /** The first message on the answer's own stream, where the server said something before it answered: progress, a log, a question. */
  readonly firstEventMs?: number
  /** The answer was checked, or the call given up. */
  readonly doneMs: number
  /** Size of the message sent, without HTTP headers or framing; 0 where it never left this process. */
  readonly bytesSent: number
  /** Size of the answer's body or lines, without HTTP headers. */
  readonly bytesReceived: number
}

/** An answer whose status, id, shape and error flags were all checked. */
export interface CallSuccess extends CallMeasures {
  readonly ok: true
  readonly result: JsonObject
}

/** The codes that stand for one thing each. */
export const plainFailureCodes = [
  'transport.refused',
  'transport.tls',
  'transport.reset',
  'transport.timeout',
  'protocol.bad_reply',
  'protocol.wrong_id',
  'protocol.truncated',
  'tool.is_error',
  'tool.input_required',
  'auth.refused',
  'auth.unavailable',
  'cancelled',
  'stopped',
] as const

/** What stands before a number that others gave out: a status, an error code, a close code. */
export const numberedFailureCodes = ['http', 'rpc', 'ws'] as const

/**
 * Why a call is no success. `http.` is followed by the status, `rpc.` by the JSON-RPC error code, `ws.` by the code of the
 * close frame that ended a WebSocket under the call. What each means, and what to do about it, stands in `docs/outcomes.md`.
 *
 * - `transport.refused`: no connection could be made
 * - `transport.tls`: a connection was made, but no secure one agreed: certificates, or no TLS at the other end
 * - `transport.reset`: the connection broke before any answer
 * - `transport.timeout`: no whole answer within the request's time
 * - `protocol.truncated`: the answer began and broke off, or its stream ended without the answer
 * - `protocol.wrong_id`: an answer, but to another request
 * - `protocol.bad_reply`: an answer that is not what MCP allows
 * - `tool.is_error`: the tool itself reported failure
 * - `tool.input_required`: the tool asks for input before it goes on
 * - `auth.refused`: the authorization server refused an access token, so the call never left
 * - `auth.unavailable`: no authorization server gave an access token, so the call never left
 * - `cancelled`: cut by this side, as the call itself had asked
 * - `stopped`: cut by this side, because the run ended
 */
export type FailureCode = (typeof plainFailureCodes)[number] | `${(typeof numberedFailureCodes)[number]}.${number}`

export interface CallFailure extends CallMeasures {
  readonly ok: false
  readonly code: FailureCode
  /** For people; never holds what the client sent. */
  readonly message: string
  /** From the answer's `Retry-After`. */
  readonly retryAfterMs?: number
  /** The beginning of the answer, as far as there was one. */
  readonly replyExcerpt?: string
  /** What a tool returned along with its failure. */
  readonly result?: JsonObject
}

export type CallOutcome = CallSuccess | CallFailure
