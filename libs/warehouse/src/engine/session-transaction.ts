import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
import { unsupportedFeature } from './snowflake-errors.ts'
import type { Release, WriteLocks } from './write-locks.ts'

/** How a transaction runs DuckDB SQL for a statement. */
type Run = (sql: string) => Promise<DuckDBMaterializedResult>

/** Kinds of errors after which DuckDB goes on with a transaction. Any other makes it refuse everything but a rollback. */
const harmlessErrors = /^(?:Binder|Catalog|Parser|Syntax) Error/

/**
 * An open transaction of a session. DuckDB sees it only from its first write: until then statements read what is committed, as in
 * Snowflake, and from then on nobody else writes to that database. DuckDB gives up a transaction in which a statement failed, where
 * Snowflake goes on; so what was written before is written again.
 */
export class SessionTransaction {
  /** What CURRENT_TRANSACTION() says. */
  readonly id: string
  readonly #connection: DuckDBConnection
  readonly #locks: WriteLocks
  readonly #writes: string[] = []
  #lock: { readonly database: string; readonly release: Release } | undefined
  #isBegun = false

  constructor(id: string, connection: DuckDBConnection, locks: WriteLocks) {
    this.id = id
    this.#connection = connection
    this.#locks = locks
  }

  /** How much was written so far, for `backTo`. */
  get mark(): number {
    return this.#writes.length
  }

  /**
   * Runs SQL that writes.
   * @param database that is written to; null for temporary tables, which nobody else sees.
   * @throws SnowflakeError 000002 for a second database.
   */
  async write(database: string | null, sql: string, run: Run, signal: AbortSignal): Promise<DuckDBMaterializedResult> {
    if (database !== null) await this.#takeLock(database, signal)
    if (!this.#isBegun) await this.#begin()
    const result = await run(sql)
    this.#writes.push(sql)
    return result
  }

  /** After an error: makes DuckDB's transaction one that goes on, with everything in it that was written before. */
  async recoverFrom(error: unknown): Promise<void> {
    if (this.#isBegun && !(error instanceof Error && harmlessErrors.test(error.message))) await this.#redo()
  }

  /** Takes back what was written since the mark. */
  async backTo(mark: number): Promise<void> {
    if (this.#writes.length === mark) return
    this.#writes.length = mark
    await this.#redo()
  }

  async commit(): Promise<void> {
    await this.#end('COMMIT')
  }

  async rollback(): Promise<void> {
    await this.#end('ROLLBACK')
  }

  /** Lets others write, where the connection is closed and took everything with it. */
  abandon(): void {
    this.#lock?.release()
  }

  async #takeLock(database: string, signal: AbortSignal): Promise<void> {
    if (this.#lock?.database === database) return
    if (this.#lock) throw unsupportedFeature(`transaction that writes to ${this.#lock.database} and ${database}`)
    this.#lock = { database, release: await this.#locks.acquire(database, signal) }
    // What was read since the transaction began may have been changed by others while it waited.
    if (this.#isBegun) await this.#redo()
  }

  async #begin(): Promise<void> {
    await this.#connection.run('BEGIN TRANSACTION')
    this.#isBegun = true
  }

  async #redo(): Promise<void> {
    await this.#connection.run('ROLLBACK')
    await this.#connection.run('BEGIN TRANSACTION')
    for (const sql of this.#writes) await this.#connection.run(sql)
  }

  async #end(verb: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      if (this.#isBegun) await this.#connection.run(verb)
    } finally {
      this.#lock?.release()
    }
  }
}
