import { quoteIdentifier } from '@squall/sql-policy'

const plainName = /^[A-Z_][A-Z0-9_$]*$/

/** A qualified name for SQL: every part quoted, so that none of it can be read as anything else. */
export function toSql(...parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join('.')
}

/** A qualified name for people: quotes only where Snowflake needs them. */
export function toText(...parts: readonly string[]): string {
  return parts.map((part) => (plainName.test(part) ? part : quoteIdentifier(part))).join('.')
}
