import type { ParameterValue } from '../../engine/engine.ts'
import type { WireSession } from '../sessions/wire-session.ts'

export interface NamedParameter {
  readonly name: string
  readonly value: ParameterValue
}

/**
 * All parameters of a session, for each reply: without the formats and the time zone, which the engine holds, the Node driver
 * fails on BINARY and TIMESTAMP_LTZ values.
 */
export function toNamedParameters(session: WireSession): NamedParameter[] {
  const merged = new Map([...session.clientParameters, ...session.engine.parameters])
  return Array.from(merged, ([name, value]) => ({ name, value }))
}
