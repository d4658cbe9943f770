import { randomBytes } from 'node:crypto'
import type { Place } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import type { Owner } from '../owner.ts'

/** A result somebody may read on. Its rows stay in Snowflake; what is kept here is how to get at them. */
export interface StoredResult {
  /** The statement that yields all rows that may be read, already past the gate. */
  readonly sql: string
  readonly place: Place
  /** The statement in Snowflake that holds all rows; absent where only the first rows were asked for, until somebody reads on. */
  readonly queryId?: string
  /** The rows that were already given away, to be found again at the front. */
  readonly seen?: SeenRows
}

export interface SeenRows {
  readonly count: number
  readonly digest: string
}

export interface ResultStoreOptions {
  readonly clock: Clock
  /** Results remembered at most, of all owners. */
  readonly maxResults: number
  /** And of one account: nobody's many push out another's few. */
  readonly maxResultsPerAccount: number
  /** Characters of SQL remembered at most. */
  readonly maxSqlChars: number
  /** How long a result is remembered after it was last read. */
  readonly ttlMs: number
}

interface Entry {
  readonly owner: Owner
  readonly account: string
  result: StoredResult
  usedMs: number
}

/** Remembers results by handles that nobody can guess, for a bounded time and number; the longest unused go first. */
export class ResultStore {
  readonly #options: ResultStoreOptions
  /** Longest unused first. */
  readonly #entries = new Map<string, Entry>()
  #sqlChars = 0

  constructor(options: ResultStoreOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * Remembers a result; gives back its handle.
   * @param account whose results it counts among.
   */
  put(owner: Owner, result: StoredResult, account: string = owner): string {
    const handle = randomBytes(handleBytes).toString('base64url')
    this.#entries.set(handle, { owner, account, result, usedMs: this.#options.clock.monotonicMs() })
    this.#sqlChars += result.sql.length
    this.#makeRoom(account)
    return handle
  }

  /** The owner's own result; nothing where it is another's, or forgotten. */
  get(owner: Owner, handle: string): StoredResult | undefined {
    this.#forgetOld()
    const entry = this.#entries.get(handle)
    if (entry?.owner !== owner) return undefined
    entry.usedMs = this.#options.clock.monotonicMs()
    this.#entries.delete(handle)
    this.#entries.set(handle, entry)
    return entry.result
  }

  /** Notes where the rows of a result are now. */
  update(handle: string, result: StoredResult): void {
    const entry = this.#entries.get(handle)
    if (entry === undefined) return
    this.#sqlChars += result.sql.length - entry.result.sql.length
    entry.result = result
  }

  #makeRoom(account: string): void {
    this.#forgetOld()
    const { maxResults, maxResultsPerAccount, maxSqlChars } = this.#options
    const own = [...this.#entries].filter(([, entry]) => entry.account === account)
    for (const [handle] of own.slice(0, Math.max(0, own.length - maxResultsPerAccount))) this.#forget(handle)
    for (const handle of this.#entries.keys()) {
      if (this.#entries.size <= maxResults && this.#sqlChars <= maxSqlChars) break
      this.#forget(handle)
    }
  }

  #forgetOld(): void {
    const unusedSinceMs = this.#options.clock.monotonicMs() - this.#options.ttlMs
    for (const [handle, { usedMs }] of this.#entries) {
      if (usedMs > unusedSinceMs) break
      this.#forget(handle)
    }
  }

  #forget(handle: string): void {
    this.#sqlChars -= this.#entries.get(handle)?.result.sql.length ?? 0
    this.#entries.delete(handle)
  }
}

const handleBytes = 15
