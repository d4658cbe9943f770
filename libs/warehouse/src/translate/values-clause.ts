import { splitAtOperator, type NodeCursor } from './node-cursor.ts'
import type { Scope } from './scope.ts'

/**
 * The rows after the word VALUES, as a query whose columns are called COLUMN1, COLUMN2, … as in Snowflake.
 * The cursor stands behind the word, and afterwards behind the last row.
 */
export function translateValues(cursor: NodeCursor, scope: Scope): string {
  const rows: string[] = []
  let width = 0
  do {
    const row = cursor.takeGroup('(')
    if (!row) throw cursor.unexpected()
    const cells = splitAtOperator(row.children, ',').map((cell) => scope.expression(cell, scope))
    width = Math.max(width, cells.length)
    rows.push(`(${cells.join(', ')})`)
  } while (cursor.group('(', 1) && cursor.skipOperator(','))
  const names = Array.from({ length: width }, (_, index) => `COLUMN${index + 1}`)
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS "VALUES"(${names.join(', ')})`
}
