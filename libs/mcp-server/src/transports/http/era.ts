import type { CallWatch } from '../../protocol/call-watch.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { ServerCore } from '../../server-core.ts'

/** What both eras of the protocol are served with. */
export interface EraOptions {
  readonly core: ServerCore
  readonly watch: CallWatch
  readonly info: ServerInfo
  /** Told of requests that were refused and of replies that could not be made. */
  readonly onError: (error: Error) => void
}
