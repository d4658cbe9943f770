import type { EngineSession, ParameterValue } from '../../engine/engine.ts'

/** One client's session as the wire sees it. */
export class WireSession {
  readonly id: string
  readonly user: string
  readonly engine: EngineSession
  /** Parameters only clients care about, as this client set them when it signed in. */
  readonly clientParameters: ReadonlyMap<string, ParameterValue>
  /** Of the newest token. */
  serial = 0
  /** Session tokens below are expired, whatever their date. */
  oldestSessionSerial = 0
  /** Master tokens below are expired, whatever their date. */
  oldestMasterSerial = 0
  lastUsedMs: number

  constructor(id: string, engine: EngineSession, clientParameters: ReadonlyMap<string, ParameterValue>, nowMs: number) {
    this.id = id
    this.user = engine.context.user
    this.engine = engine
    this.clientParameters = clientParameters
    this.lastUsedMs = nowMs
  }
}
