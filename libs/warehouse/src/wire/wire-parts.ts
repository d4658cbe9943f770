import type { Clock } from '@squall/time'
import type { WarehouseEngine } from '../engine/engine.ts'
import type { Faults } from '../faults/faults.ts'
import type { Counters } from './counters.ts'
import type { Door } from './door.ts'
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
  readonly door: Door
  readonly faults: Faults
  readonly counters: Counters
  readonly clock: Clock
  readonly limits: WireLimits
  /** Puts warehouses and faults back to what the program was started with. */
  readonly reset: () => void
  /** Hears of errors that are no answers to a client but bugs. */
  readonly reportBug: (error: unknown) => void
}

/** Ends a session: its statements are cancelled, its results and engine session freed. */
export async function endSession(
  { sessions, statements, counters }: Pick<WireParts, 'sessions' | 'statements' | 'counters'>,
  session: WireSession,
): Promise<void> {
  // Several may want the same end; the first one does it.
  if (!sessions.delete(session)) return
  counters.sessionsEnded += 1
  await statements.endSession(session)
  await session.engine.close()
}
