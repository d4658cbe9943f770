import type { QueryRecord } from './query-record.ts'

/** How many statements are remembered, over all sessions. */
export const rememberedQueries = 10_000
/** How much of a statement's text is remembered. */
export const rememberedTextLength = 10_000

/** What ran lately, in all sessions; the oldest is forgotten first. */
export class QueryHistory {
  readonly #records = new Map<string, QueryRecord>()

  add(record: QueryRecord): void {
    this.#records.set(record.queryId, record)
    if (this.#records.size <= rememberedQueries) return
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest)
      break
    }
  }

  get(queryId: string): QueryRecord | undefined {
    return this.#records.get(queryId)
  }

  /** The newest first. */
  newest(): QueryRecord[] {
    return [...this.#records.values()].toReversed()
  }
}
