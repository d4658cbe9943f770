import type { StatementResult } from '../engine/engine.ts'

/** A result, and whose it is. */
export interface KeptResult {
  readonly user: string
  readonly result: StatementResult
}

/** Cells in all results together; beyond it the oldest go. */
const mostCells = 5_000_000
const mostResults = 5_000

/** Results for RESULT_SCAN, for a bounded number and size. */
export class KeptResults {
  readonly #results = new Map<string, KeptResult>()
  #cells = 0

  add(queryId: string, kept: KeptResult): void {
    this.#results.set(queryId, kept)
    this.#cells += cellsOf(kept)
    for (const [oldest, { result, user }] of this.#results) {
      if ((this.#cells <= mostCells && this.#results.size <= mostResults) || oldest === queryId) return
      this.#results.delete(oldest)
      this.#cells -= cellsOf({ result, user })
    }
  }

  get(queryId: string): KeptResult | undefined {
    return this.#results.get(queryId)
  }
}

function cellsOf({ result }: KeptResult): number {
  return result.rowCount * result.columns.length
}
