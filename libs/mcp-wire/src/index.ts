export { onAbort } from './abort-fan-out.ts'
export { type ClientAnswers, withAnswerable } from './answers/client-answers.ts'
export { ClientCredentials, type ClientCredentialsOptions } from './auth/client-credentials.ts'
export type { Cancellation, ConnectionObserver, ServerNotification } from './connection-observer.ts'
export type { ConnectionOptions } from './connection-options.ts'
export type { CallFailure, CallMeasures, CallOutcome, CallSuccess, FailureCode, JsonObject } from './call-outcome.ts'
export { mcpWireErrors } from './errors.ts'
export {
  modernVersion,
  newestLegacyVersion,
  type ClientIdentity,
  type Dialect,
  type McpConnection,
  type McpRequest,
  type RequestId,
  type Traffic,
} from './mcp-connection.ts'
export {
  type HttpExchange,
  type HttpRequest,
  type HttpSink,
  type RunningExchange,
  MalformedReply,
  type ReplyHeaders,
} from './http/http-exchange.ts'
export type { TlsOptions } from './http/tls-options.ts'
export { type ConnectionSettings, openConnection, type TransportName, transportNames } from './open-connection.ts'
export { initializeRequest } from './rpc/request-text.ts'
export { writtenJson } from './rpc/written-json.ts'
export type { WireEvent, WireTap } from './wire-tap.ts'
export { StreamableHttpConnection, type StreamableHttpOptions } from './streamable-http.ts'
export { LegacySseConnection, type LegacySseOptions } from './legacy-sse/legacy-sse-connection.ts'
export { WebSocketConnection, type WebSocketOptions } from './websocket/websocket-connection.ts'
export { StdioConnection, type StdioOptions } from './stdio/stdio-connection.ts'
export { FailureSamples } from './failure-samples.ts'
export { redact } from './redact.ts'
