import type { Clock } from '@squall/time'
import type { WarehouseEngine } from '../engine/engine.ts'
import type { WireLimits } from './limits.ts'
import type { SessionRegistry } from './sessions/session-registry.ts'
import type { WireSession } from './sessions/wire-session.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Signer } from './signer.ts'
import type { StatementLog } from './statements/statement-log.ts'

/** What the routes share. */
export interface WireParts {
  readonly engine: WarehouseEngine
  readonly account: string
  readonly signIn: SignIn
  readonly sessions: SessionRegistry
  readonly statements: StatementLog
  /** Signs the addresses of chunks, which are fetched without a token. */
  readonly addressSigner: Signer
  readonly clock: Clock
  readonly limits: WireLimits
  /** Hears of errors that are no answers to a client but bugs. */
  readonly reportBug: (error: unknown) => void
}

/** Ends a session: its statements are cancelled, its results and engine session freed. */
export async function endSession({ sessions, statements }: WireParts, session: WireSession): Promise<void> {
  // Several may want the same end; the first one does it.
  if (!sessions.delete(session)) return
  await statements.endSession(session)
  await session.engine.close()
}
