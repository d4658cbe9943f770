import { SessionTransaction } from '../session-transaction.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'

/** BEGIN, START TRANSACTION, COMMIT, ROLLBACK. A BEGIN inside a transaction and a COMMIT outside of one do nothing, as in Snowflake. */
export const transaction: Command = async (frame) => {
  const { cursor } = frame
  if (cursor.isAtKeyword('BEGIN', 'START')) beginTransaction(frame)
  else if (cursor.isAtKeyword('COMMIT')) await commitOpen(frame)
  else await rollbackOpen(frame)
  return toStatusResult('Statement executed successfully.', statementTypes.transaction)
}

/** The open transaction, or a new one. */
export function beginTransaction({
  session,
  locks,
  clock,
}: Pick<StatementFrame, 'session' | 'locks' | 'clock'>): SessionTransaction {
  session.transactionCount += 1
  session.transaction ??= new SessionTransaction(
    // Snowflake's are nanoseconds since 1970; the last digits tell apart those of one millisecond.
    `${Math.trunc(clock.wallMs())}${String(Number(session.id) % 1_000).padStart(3, '0')}${String(session.transactionCount % 1_000).padStart(3, '0')}`,
    session.connection,
    locks,
  )
  return session.transaction
}

/** Commits the open transaction, if there is one. */
export async function commitOpen({ session }: Pick<StatementFrame, 'session'>): Promise<void> {
  const open = session.transaction
  session.transaction = undefined
  await open?.commit()
}

async function rollbackOpen({ session }: Pick<StatementFrame, 'session'>): Promise<void> {
  const open = session.transaction
  session.transaction = undefined
  await open?.rollback()
}

/** Runs what is one statement to its user and several writes to DuckDB: all of them happen, or none. */
export async function inOneTransaction<T>(
  frame: Pick<StatementFrame, 'session' | 'locks' | 'clock'>,
  task: () => Promise<T>,
): Promise<T> {
  const isAlone = frame.session.transaction === undefined && frame.session.parameters.get('AUTOCOMMIT') === true
  const open = beginTransaction(frame)
  const mark = open.mark
  try {
    const result = await task()
    if (isAlone) await commitOpen(frame)
    return result
  } catch (error) {
    if (isAlone) await rollbackOpen(frame)
    else await open.backTo(mark)
    throw error
  }
}
