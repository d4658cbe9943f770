import type { StatementRecord } from './call-record.ts'

/** One kind of slow statement, without the values in it. */
export interface SlowStatement {
  /** The text with every value replaced. */
  readonly text: string
  /** How often it was too slow. */
  readonly count: number
  readonly meanMs: number
  readonly maxMs: number
  /** Of the slowest one: its call, and its name in Snowflake's query history. */
  readonly requestId: string
  readonly queryId: string | undefined
}

export interface SlowStatementOptions {
  /** A statement that takes at least this long is slow. */
  readonly thresholdMs: number
  /** Takes the values out of a statement's text. */
  readonly normalize: (sql: string) => string
  /** Told of each slow statement. */
  readonly onSlow?: (statement: StatementRecord, text: string, requestId: string) => void
}

/** How many kinds are kept: those whose slowest one took the longest. */
const mostKept = 50
const longestText = 2000

type Kept = { -readonly [K in keyof Omit<SlowStatement, 'meanMs'>]: SlowStatement[K] } & { totalMs: number }

/** The slowest statements, by their text without values. */
export class SlowStatements {
  readonly #options: SlowStatementOptions
  readonly #kept = new Map<string, Kept>()

  constructor(options: SlowStatementOptions) {
    this.#options = options
  }

  note(statement: StatementRecord, requestId: string): void {
    const { thresholdMs, normalize, onSlow } = this.#options
    if (statement.durationMs < thresholdMs) return
    const text = shorten(normalize(statement.sql))
    onSlow?.(statement, text, requestId)
    this.#keep(text, statement, requestId)
  }

  /** The slowest first. */
  list(): readonly SlowStatement[] {
    return [...this.#kept.values()].toSorted((a, b) => b.maxMs - a.maxMs).map(toSlowStatement)
  }

  #keep(text: string, { durationMs, queryId }: StatementRecord, requestId: string): void {
    const known = this.#kept.get(text)
    if (known === undefined) {
      this.#kept.set(text, { text, count: 1, totalMs: durationMs, maxMs: durationMs, requestId, queryId })
      if (this.#kept.size > mostKept) this.#forgetFastest()
      return
    }
    known.count += 1
    known.totalMs += durationMs
    if (durationMs > known.maxMs) Object.assign(known, { maxMs: durationMs, requestId, queryId })
  }

  #forgetFastest(): void {
    const fastest = [...this.#kept.values()].reduce((least, kept) => (kept.maxMs < least.maxMs ? kept : least))
    this.#kept.delete(fastest.text)
  }
}

function toSlowStatement({ totalMs, ...kept }: Kept): SlowStatement {
  return { ...kept, meanMs: totalMs / kept.count }
}

function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text
}
