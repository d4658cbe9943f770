import { SnowflakeError } from '../snowflake-error.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toTableResult } from '../table-result.ts'
import { looksLikeQuery } from '../../translate/translate-query.ts'

/** `EXPLAIN [USING TABULAR | JSON | TEXT] query`: DuckDB's plan, since that is the plan that would run. */
export const explain: Command = async ({ cursor, scope, run }) => {
  cursor.next()
  const format = cursor.skipKeywords('USING') ? cursor.takeName() : 'TABULAR'
  if (!['TABULAR', 'JSON', 'TEXT'].includes(format))
    throw new SnowflakeError('001003', '42000', `SQL compilation error:\nunexpected '${format}'.`)
  const query = cursor.takeRest()
  if (!looksLikeQuery(query))
    throw unsupportedFeature('EXPLAIN of other than a query', query[0]?.kind === 'leaf' ? query[0].token : undefined)
  const result = await run(`EXPLAIN ${format === 'JSON' ? '(FORMAT JSON) ' : ''}${scope.query(query, scope)}`)
  const plan = String(result.getChunk(0).getRows()[0]?.[1] ?? '')
  if (format !== 'TABULAR') return toTableResult([['content', 'text']], [[plan]], statementTypes.select)
  const lines = plan.split('\n').filter((line) => line !== '')
  return toTableResult(
    [
      ['step', 'fixed'],
      ['operation', 'text'],
    ],
    lines.map((line, index) => [index, line]),
    statementTypes.select,
  )
}
