import type { DuckDBMaterializedResult } from '@duckdb/node-api'
import type { StatementResult, WireRow } from './engine.ts'
import { toWireCell } from './wire-cell.ts'
import { toResultColumn } from './wire-column.ts'

const batchRows = 1024

/** A finished DuckDB result. Its rows stay in DuckDB's memory and become text batch by batch, as somebody reads them. */
export function toStatementResult(result: DuckDBMaterializedResult, statementTypeId: number): StatementResult {
  const types = result.columnTypes()
  return {
    statementTypeId,
    columns: result.columnNames().map((name, index) => toResultColumn(name, types[index] ?? result.columnType(index))),
    rowCount: result.rowCount,
    batches: () => readBatches(result),
  }
}

// Async because its readers wait between batches; the chunks themselves are at hand.
async function* readBatches(result: DuckDBMaterializedResult): AsyncGenerator<readonly WireRow[]> {
  for (let index = 0; index < result.chunkCount; index += 1) {
    const rows = result.getChunk(index).getRows()
    for (let start = 0; start < rows.length; start += batchRows) {
      yield rows.slice(start, start + batchRows).map((row) => row.map(toWireCell))
    }
  }
}
