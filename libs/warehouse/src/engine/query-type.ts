import { isTrivia, type Statement } from '@squall/snowflake-sql'

/** Snowflake's word for a kind of statement in the query history: `SELECT`, `CREATE_TABLE`, `BEGIN_TRANSACTION`, … */
export function queryType(statement: Statement | undefined): string {
  const words = statement?.tokens.filter((token) => !isTrivia(token)).slice(0, 6) ?? []
  const [first = 'UNKNOWN', ...rest] = words.filter(({ kind }) => kind === 'word').map(({ text }) => text.toUpperCase())
  if (first === 'WITH' || first === 'VALUES') return 'SELECT'
  if (first === 'BEGIN' || first === 'START') return 'BEGIN_TRANSACTION'
  if (first === 'DESC') return 'DESCRIBE'
  if (first === 'TRUNCATE') return 'TRUNCATE_TABLE'
  if (!withObject.has(first)) return first
  const object = rest.find((word) => !modifiers.has(word))
  return object === undefined ? first : `${first}_${object}`
}

const withObject = new Set(['CREATE', 'DROP', 'ALTER'])
const modifiers = new Set([
  'OR',
  'REPLACE',
  'LOCAL',
  'GLOBAL',
  'TEMPORARY',
  'TEMP',
  'VOLATILE',
  'TRANSIENT',
  'SECURE',
  'RECURSIVE',
])
