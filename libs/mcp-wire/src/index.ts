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
