import { CodedError } from '@squall/errors'
import type { Verdict } from '@squall/sql-policy'
import { mcpServerErrors } from '../errors.ts'
import { showOffset } from '../text/show-place.ts'

/**
 * Lets a statement pass that the gate allowed.
 * @param onRefused told of one it did not.
 * @throws CodedError MCP_NOT_READ_ONLY with the place of the objection.
 */
export function requireReadOnly(verdict: Verdict, sql: string, onRefused: (sql: string) => void): void {
  if (verdict.allowed) return
  onRefused(sql)
  const { reason, hint, position } = verdict
  const where = position === undefined ? '' : ` (at character ${position + 1} of the query)${showOffset(sql, position)}`
  throw CodedError.refusal(mcpServerErrors.MCP_NOT_READ_ONLY, {
    message: `Only SELECT/WITH/SHOW/DESCRIBE/EXPLAIN queries are allowed. ${reason}${where}`,
    hint,
  })
}
