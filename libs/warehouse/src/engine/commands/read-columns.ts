import type { ColumnInfo } from '../../catalog/catalog.ts'
import { toSnowflakeType } from '../../catalog/snowflake-type.ts'
import type { StatementFrame } from '../statement-frame.ts'

/** The columns DuckDB gave a table or view, in Snowflake's words. */
export async function readColumns(
  duckName: string,
  run: StatementFrame['run'],
  comments: ReadonlyMap<string, string> = new Map(),
): Promise<readonly ColumnInfo[]> {
  const result = await run(`DESCRIBE ${duckName}`)
  const columns: ColumnInfo[] = []
  for (let index = 0; index < result.chunkCount; index += 1) {
    for (const [name, type, nullable, , defaultValue] of result.getChunk(index).getRows()) {
      const column = String(name)
      columns.push({
        name: column,
        type: toSnowflakeType(String(type)),
        isNullable: nullable === 'YES',
        defaultValue: typeof defaultValue === 'string' ? defaultValue : null,
        comment: comments.get(column) ?? null,
      })
    }
  }
  return columns
}
