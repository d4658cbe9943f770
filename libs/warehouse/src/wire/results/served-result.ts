import { gzipSync } from 'node:zlib'
import type { ResultColumn, StatementResult, WireRow } from '../../engine/engine.ts'
import type { WireLimits } from '../limits.ts'
import { RowReader } from './row-reader.ts'

/** One of several statements that were sent together. */
export interface ResultPart {
  readonly queryId: string
  readonly statementTypeId: number
}

/** A result as clients fetch it: the first rows in the reply, the others in chunks that are made when asked for. */
export class ServedResult {
  readonly statementTypeId: number
  readonly columns: readonly ResultColumn[]
  readonly rowCount: number
  readonly inlineRows: readonly WireRow[]
  /** How many rows each chunk holds, in order. */
  readonly chunkRowCounts: readonly number[]
  /** Ids and kinds of the statements this one stands for, where it is a request of several. */
  readonly parts: readonly ResultPart[]
  readonly #reader: RowReader
  readonly #chunks: Buffer[] = []

  private constructor(
    result: StatementResult,
    reader: RowReader,
    inlineRows: readonly WireRow[],
    chunkRows: number,
    parts: readonly ResultPart[],
  ) {
    this.parts = parts
    this.statementTypeId = result.statementTypeId
    this.columns = result.columns
    this.rowCount = result.rowCount
    this.inlineRows = inlineRows
    this.chunkRowCounts = divide(result.rowCount - inlineRows.length, chunkRows)
    this.#reader = reader
  }

  static open(
    result: StatementResult,
    { inlineRows, chunkRows }: Pick<WireLimits, 'inlineRows' | 'chunkRows'>,
    parts: readonly ResultPart[] = [],
  ): ServedResult {
    const reader = new RowReader(result.batches())
    const rows = reader.take(Math.min(inlineRows, result.rowCount))
    if (rows.length === result.rowCount) reader.close()
    return new ServedResult(result, reader, rows, chunkRows, parts)
  }

  /** Rough size in memory: a short string for each cell. */
  get estimatedBytes(): number {
    return 2_000 + this.rowCount * this.columns.length * 24
  }

  /** The body of a chunk: rows as JSON with commas between but without the outer brackets, compressed by gzip. */
  chunk(index: number): Buffer | undefined {
    if (!(index in this.chunkRowCounts)) return undefined
    while (this.#chunks.length <= index) this.#chunks.push(this.#encodeNext())
    return this.#chunks[index]
  }

  /** Lets go of the rows not yet fetched. */
  release(): void {
    this.#reader.close()
  }

  // Clients may ask for chunks in any order; the engine gives its rows in one.
  #encodeNext(): Buffer {
    return encodeChunk(this.#reader.take(this.chunkRowCounts[this.#chunks.length] ?? 0))
  }
}

/**
 * A millisecond or so for a chunk. Not in the thread pool, where it would queue behind the engine's running statements and a
 * large result could not be fetched while the warehouse is busy.
 */
const encodeChunk = (rows: readonly WireRow[]): Buffer => gzipSync(JSON.stringify(rows).slice(1, -1), { level: 1 })

function divide(total: number, size: number): number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(size, total - index * size))
}
