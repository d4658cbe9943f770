import type { ParameterValue } from '../../engine/engine.ts'
import type { WireSession } from '../sessions/wire-session.ts'

export interface NamedParameter {
  readonly name: string
  readonly value: ParameterValue
}

/**
 * Parameters drivers read from replies. The formats have to be in each: without them the Node driver fails on BINARY and
 * TIMESTAMP_LTZ values. The engine's own values win over these.
 */
const clientDefaults: readonly (readonly [string, ParameterValue])[] = [
  ['BINARY_OUTPUT_FORMAT', 'HEX'],
  ['DATE_OUTPUT_FORMAT', 'YYYY-MM-DD'],
  ['TIME_OUTPUT_FORMAT', 'HH24:MI:SS'],
  ['TIMESTAMP_OUTPUT_FORMAT', 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM'],
  ['TIMESTAMP_NTZ_OUTPUT_FORMAT', 'YYYY-MM-DD HH24:MI:SS.FF3'],
  ['TIMESTAMP_LTZ_OUTPUT_FORMAT', ''],
  ['TIMESTAMP_TZ_OUTPUT_FORMAT', ''],
  ['TIMEZONE', 'America/Los_Angeles'],
  ['JS_TREAT_INTEGER_AS_BIGINT', false],
  ['CLIENT_SESSION_KEEP_ALIVE', false],
  ['CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY', 3_600],
  ['CLIENT_TELEMETRY_ENABLED', false],
  ['QUERY_CONTEXT_CACHE_SIZE', 5],
  // Larger array binds would be uploaded to a stage, and there are no stages here.
  ['CLIENT_STAGE_ARRAY_BINDING_THRESHOLD', 1_000_000_000],
]

/** All parameters of a session, in the form of the replies. */
export function toNamedParameters(session: WireSession): NamedParameter[] {
  const merged = new Map([...clientDefaults, ...session.clientParameters, ...session.engine.parameters])
  return Array.from(merged, ([name, value]) => ({ name, value }))
}
