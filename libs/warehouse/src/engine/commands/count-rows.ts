import type { TableInfo } from '../../catalog/catalog.ts'
import type { StatementFrame } from '../statement-frame.ts'

/** How many rows each table has. DuckDB counts a whole table from its metadata, so this is cheap. */
export async function countRows(tables: readonly TableInfo[], { run }: StatementFrame): Promise<ReadonlyMap<TableInfo, number>> {
  if (tables.length === 0) return new Map()
  const counts = tables.map((table, index) => `SELECT ${index}, count(*) FROM ${table.duckName}`)
  const result = await run(counts.join(' UNION ALL '))
  const found = new Map<TableInfo, number>()
  for (let index = 0; index < result.chunkCount; index += 1) {
    for (const [position, count] of result.getChunk(index).getRows()) {
      const table = tables[Number(position)]
      if (table) found.set(table, Number(count))
    }
  }
  return found
}
