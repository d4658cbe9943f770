import type { Clock } from '@squall/time'
import type { ClientAnswers } from './answers/client-answers.ts'
import type { ConnectionObserver } from './connection-observer.ts'
import type { ClientIdentity, Dialect } from './mcp-connection.ts'
import type { WireTap } from './wire-tap.ts'

/** What a connection over any transport must know. */
export interface ConnectionOptions {
  readonly clock: Clock
  readonly identity: ClientIdentity
  readonly dialect: Dialect
  readonly requestTimeoutMs: number
  readonly firstRequestId: number
  /** What the client says when the server asks; it declines whatever is not given. */
  readonly answers?: ClientAnswers
  readonly observer?: ConnectionObserver
  /** Hears all that travels; costs every message something. */
  readonly tap?: WireTap
}
