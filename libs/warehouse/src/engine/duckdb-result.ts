import type { DuckDBMaterializedResult } from '@duckdb/node-api'
import type { StatementResult, WireRow } from './engine.ts'
import { toWireCell } from './wire-cell.ts'
import { toResultColumn } from './wire-column.ts'

const batchRows = 1024

/**
 * A finished DuckDB result. Small ones become text at once and let go of DuckDB's memory, which is large even for one row; the rows of
 * others stay there and become text batch by batch, as somebody reads them.
 */
export function toStatementResult(result: DuckDBMaterializedResult, statementTypeId: number): StatementResult {
  const types = result.columnTypes()
  const { rowCount } = result
  const columns = result.columnNames().map((name, index) => toResultColumn(name, types[index] ?? result.columnType(index)))
  if (rowCount > batchRows) return { statementTypeId, columns, rowCount, batches: () => readBatches(result) }
  const batches = [...readBatches(result)]
  return { statementTypeId, columns, rowCount, batches: () => batches }
}

function* readBatches(result: DuckDBMaterializedResult): Generator<readonly WireRow[]> {
  for (let index = 0; index < result.chunkCount; index += 1) {
    const rows = result.getChunk(index).getRows()
    for (let start = 0; start < rows.length; start += batchRows) {
      yield rows.slice(start, start + batchRows).map((row) => row.map(toWireCell))
    }
  }
}
