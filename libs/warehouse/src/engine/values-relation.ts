import { quoteName } from '../translate/quote.ts'
import type { Relation } from '../translate/scope.ts'
import type { ResultColumn, WireRow } from './engine.ts'
import { toDuckType, toWireLiteral } from './wire-literal.ts'

type Column = Pick<ResultColumn, 'name' | 'type' | 'precision' | 'scale'>

/** Rows that are known already, as something a query can read from. */
export function toValuesRelation(alias: string, columns: readonly Column[], batches: Iterable<readonly WireRow[]>): Relation {
  const types = columns.map(toDuckType)
  const rows = [...batches].flatMap((batch) => batch.map((row) => renderRow(row, columns)))
  // The first row is empty, and gives the columns their types; it is cut off again.
  const first = `(TRUE, ${types.map((type) => `CAST(NULL AS ${type})`).join(', ')})`
  const names = columns.map(({ name }) => quoteName(name))
  const values = `(VALUES ${[first, ...rows].join(', ')}) AS "_"("_", ${names.join(', ')})`
  return { sql: `(SELECT ${names.join(', ')} FROM ${values} WHERE NOT "_"."_")`, alias: `AS ${quoteName(alias)}` }
}

function renderRow(row: WireRow, columns: readonly Column[]): string {
  const cells = columns.map((column, index) => toWireLiteral(row[index] ?? null, column))
  return `(FALSE, ${cells.join(', ')})`
}
