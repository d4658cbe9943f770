import type { Command } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'

/** BEGIN, START TRANSACTION, COMMIT, ROLLBACK. A BEGIN inside a transaction and a COMMIT outside of one do nothing, as in Snowflake. */
export const transaction: Command = async ({ cursor, session, run }) => {
  const wantsBegin = cursor.isAtKeyword('BEGIN', 'START')
  const verb = cursor.isAtKeyword('COMMIT') ? 'COMMIT' : 'ROLLBACK'
  if (wantsBegin && !session.isInTransaction) {
    await run('BEGIN TRANSACTION')
    session.isInTransaction = true
  } else if (!wantsBegin && session.isInTransaction) {
    session.isInTransaction = false
    await run(verb)
  }
  return toStatusResult('Statement executed successfully.', statementTypes.transaction)
}
