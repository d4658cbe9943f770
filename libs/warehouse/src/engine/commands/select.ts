import { toStatementResult } from '../duckdb-result.ts'
import type { Command } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'

/** A query. */
export const select: Command = async ({ cursor, scope, run, options }) => {
  const sql = scope.query(cursor.nodes, { ...scope, isOutermost: true })
  return toStatementResult(await run(options.describeOnly ? `SELECT * FROM (${sql}) LIMIT 0` : sql), statementTypes.select)
}
