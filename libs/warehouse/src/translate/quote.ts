/** A name in DuckDB's double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as a DuckDB literal. */
export function quoteText(text: string): string {
  // DuckDB's parser stops at NUL, so those are put in from outside the literal.
  const pieces = text.split('\0').map((piece) => `'${piece.replaceAll("'", "''")}'`)
  return pieces.length === 1 ? pieces.join('') : `(${pieces.join(' || chr(0) || ')})`
}

/** A date or time that may be written as a text: `'2024-01-31'` is a timestamp where one is computed with. */
export function toMoment(sql: string): string {
  return sql.startsWith("'") ? `CAST(${sql} AS TIMESTAMP)` : sql
}
