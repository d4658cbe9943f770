import type { ParameterValue } from '../../engine/engine.ts'
import type { WireSession } from '../sessions/wire-session.ts'

export interface NamedParameter {
  readonly name: string
  readonly value: ParameterValue
}

/** Parameters that only drivers read, and the engine knows nothing of. */
const clientDefaults: readonly (readonly [string, ParameterValue])[] = [
  ['JS_TREAT_INTEGER_AS_BIGINT', false],
  ['CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY', 3_600],
  ['CLIENT_TELEMETRY_ENABLED', false],
  ['QUERY_CONTEXT_CACHE_SIZE', 5],
  // Larger array binds would be uploaded to a stage, and there are no stages here.
  ['CLIENT_STAGE_ARRAY_BINDING_THRESHOLD', 1_000_000_000],
]

/**
 * All parameters of a session, for each reply: without the formats and the time zone, which the engine holds, the Node driver
 * fails on BINARY and TIMESTAMP_LTZ values.
 */
export function toNamedParameters(session: WireSession): NamedParameter[] {
  const merged = new Map([...clientDefaults, ...session.clientParameters, ...session.engine.parameters])
  return Array.from(merged, ([name, value]) => ({ name, value }))
}
