import { createHash } from 'node:crypto'
import { CodedError } from '@squall/errors'
import { SnowflakeQueryError, type Cell, type Place, type StatementResult } from '@squall/snowflake'
import { clampLimit } from '@squall/sql-policy'
import { mcpServerErrors } from '../errors.ts'
import type { Reader } from '../snowflake/reader.ts'
import type { OwnResults } from '../tools/tool.ts'
import { renderCursor, type Cursor } from './cursor.ts'
import type { SeenRows, StoredResult } from './result-store.ts'

/** A statement of which the first rows were read. */
export interface FirstRead {
  /** As it came from the caller. */
  readonly query: string
  /** As it ran, bounded to the rows wanted. */
  readonly bounded: string
  readonly place: Place
  readonly result: StatementResult
}

/**
 * Remembers a result that was cut, so that it can be read on. The query ran for few rows alone, which is cheap; only who reads on pays
 * for the rest of it.
 * @returns the cursor of the next row; nothing where the result is whole, or no more of it may be read.
 */
export function leaveCursor(results: OwnResults, maxPagedRows: number, read: FirstRead): string | undefined {
  const { result, query, bounded, place } = read
  const count = result.rows.length
  if (!result.truncated || count === 0 || count >= maxPagedRows) return undefined
  const sql = clampLimit(query, maxPagedRows + 1)
  // What takes no LIMIT, or has one of its own that is smaller, is whole in Snowflake already.
  const isWhole = sql === bounded
  const stored = isWhole
    ? { sql, place, queryId: result.queryId }
    : { sql, place, seen: { count, digest: digestOf(result.rows) } }
  return renderCursor({ handle: results.put(stored), row: count })
}

export interface PageRead {
  readonly result: StatementResult
  /** Of the first row here, from 0. Another than asked for where the rows came in another order when the query ran again. */
  readonly firstRow: number
  readonly cursor: string | undefined
}

/**
 * Reads rows of a remembered result. Where its query ran for its first rows alone it runs once more, in full; the rows given away before
 * must come first again, or the reading starts over.
 * @throws CodedError MCP_NO_SUCH_RESULT, MCP_RESULT_END, and what the reader throws.
 */
export async function readPage(
  reader: Reader,
  results: OwnResults,
  { handle, row }: Cursor,
  { maxRows, maxPagedRows }: { readonly maxRows: number; readonly maxPagedRows: number },
): Promise<PageRead> {
  const stored = results.get(handle)
  if (stored === undefined) throw noSuchResult()
  if (row >= maxPagedRows) throw end(`no more than the first ${maxPagedRows} rows of a result may be read`)
  const { queryId, isSame } = await locate(reader, stored)
  const located = { sql: stored.sql, place: stored.place, queryId }
  // In another order it is another result: a call repeated with the old cursor must be told so again.
  const home = isSame ? handle : results.put(located)
  if (isSame) results.update(handle, located)
  const firstRow = isSame ? row : 0
  const result = await readAgain(reader, queryId, { firstRow, maxRows: Math.min(maxRows, maxPagedRows - firstRow) })
  const next = firstRow + result.rows.length
  if (result.rows.length === 0 && !result.truncated) throw end(`the result has no row ${row + 1}`)
  const isMore = result.truncated && next < maxPagedRows && next > firstRow
  return { result, firstRow, cursor: isMore ? renderCursor({ handle: home, row: next }) : undefined }
}

async function locate(
  reader: Reader,
  { sql, place, queryId, seen }: StoredResult,
): Promise<{ queryId: string; isSame: boolean }> {
  if (queryId !== undefined) return { queryId, isSame: true }
  const again = await reader.read(sql, { context: place, maxRows: seen?.count ?? 0 })
  return { queryId: again.queryId, isSame: seen === undefined || isSeenAgain(again, seen) }
}

function isSeenAgain({ rows }: StatementResult, { count, digest }: SeenRows): boolean {
  return rows.length === count && digestOf(rows) === digest
}

function digestOf(rows: readonly (readonly Cell[])[]): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('base64')
}

async function readAgain(
  reader: Reader,
  queryId: string,
  page: { readonly firstRow: number; readonly maxRows: number },
): Promise<StatementResult> {
  try {
    return await reader.readOn(queryId, page)
  } catch (error) {
    // Nothing runs here that could be wrong: Snowflake no longer has the result.
    if (error instanceof SnowflakeQueryError) throw noSuchResult(error)
    throw error
  }
}

function noSuchResult(cause?: unknown): CodedError {
  const message = 'the cursor names no result of yours, or one that is no longer kept'
  return new CodedError(mcpServerErrors.MCP_NO_SUCH_RESULT, { message, cause })
}

function end(message: string): CodedError {
  return new CodedError(mcpServerErrors.MCP_RESULT_END, { message })
}
