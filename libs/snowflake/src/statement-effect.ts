/**
 * What a statement may leave behind in its session, as far as its text alone can prove.
 *
 * - `none`: proven to leave nothing: one query, SHOW, DESCRIBE or EXPLAIN
 * - `database`: `USE DATABASE`, which says where the session stands whatever was before
 * - `schema`: `USE SCHEMA`, which may depend on the current database
 * - `begin`, `end`: a transaction opens, or is closed for good
 * - `unknown`: anything else; what it leaves cannot be proven
 */
export type StatementEffect = 'none' | 'database' | 'schema' | 'begin' | 'end' | 'unknown'

const leadingTrivia = /^(?:\s+|--[^\n]*(?:\n|$)|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/|\()*/
const reading = /^(?:SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN)\b/i
/** Wherever these stand, in a string even, the statement is given up as unknown: a needless new session is cheaper than a leak. */
const suspicious = /->>|\bPROCEDURE\b|\bCALL\b|SYSTEM\$/i

const plain: readonly (readonly [RegExp, StatementEffect])[] = [
  [/^USE\s+DATABASE\s+\S/i, 'database'],
  [/^USE\s+SCHEMA\s+\S/i, 'schema'],
  [/^BEGIN(?:\s+(?:WORK|TRANSACTION))?$/i, 'begin'],
  [/^(?:COMMIT|ROLLBACK)(?:\s+WORK)?$/i, 'end'],
]

/** Says what a statement may leave behind. Only one statement is run at a time, since MULTI_STATEMENT_COUNT is 1 for each. */
export function statementEffect(sql: string): StatementEffect {
  const text = withoutEnd(sql.replace(leadingTrivia, ''))
  if (reading.test(text)) return suspicious.test(text) ? 'unknown' : 'none'
  return plain.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown'
}

/** Without semicolons and white space at the end. A pattern for it would try anew at each of a hundred thousand blanks. */
function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[\s;]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
