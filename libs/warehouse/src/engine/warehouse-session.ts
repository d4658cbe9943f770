import { type DuckDBMaterializedResult } from '@duckdb/node-api'
import { type Statement, statementClass, type StatementClass } from '@squall/snowflake-sql'
import { sleep } from '@squall/time'
import type { SlotLease, Warehouse } from '../compute/warehouse.ts'
import { NodeCursor } from '../translate/node-cursor.ts'
import { createScope, parseStatement } from '../translate/translate-statement.ts'
import { alterSession } from './commands/alter-session.ts'
import { ddl } from './commands/ddl.ts'
import { describe } from './commands/describe.ts'
import { dml } from './commands/dml.ts'
import { grant } from './commands/grant.ts'
import { explain } from './commands/explain.ts'
import { select } from './commands/select.ts'
import { setVariable, unsetVariable } from './commands/session-variables.ts'
import { show } from './commands/show.ts'
import { inOneTransaction, transaction } from './commands/transaction.ts'
import { use } from './commands/use.ts'
import { toSnowflakeError } from './duckdb-errors.ts'
import type { EngineSession, ExecuteOptions, ParameterValue, SessionContext, StatementResult, WireRow } from './engine.ts'
import { runDuckDb } from './run-duckdb.ts'
import type { SessionState } from './session-state.ts'
import { createTranslationSession, type TranslationDemands } from './session-translation.ts'
import { needsWarehouse, onlyStatement, readStatement, type StatementText } from './read-statement.ts'
import { SnowflakeError } from './snowflake-error.ts'
import { canceled, queuedTooLong, syntaxError, unsupportedFeature } from './snowflake-errors.ts'
import type { Command, EngineParts, StatementFrame } from './statement-frame.ts'
import { StatementQueue } from './statement-queue.ts'
import { StatementWatch } from './statement-watch.ts'

/** A session on its own DuckDB connection. */
export class WarehouseSession implements EngineSession {
  readonly #state: SessionState
  readonly #parts: EngineParts
  readonly #queue = new StatementQueue()
  readonly #closing = new AbortController()

  constructor(state: SessionState, parts: EngineParts) {
    this.#state = state
    this.#parts = parts
  }

  get context(): SessionContext {
    const { database, schema, warehouse, role, user } = this.#state
    return { database, schema, warehouse, role, user }
  }

  get parameters(): ReadonlyMap<string, ParameterValue> {
    return this.#state.parameters
  }

  async execute(sql: string, options: ExecuteOptions): Promise<StatementResult> {
    const text = readStatement(sql)
    const watch = new StatementWatch(options.queryId, text, this.#state, this.#parts.clock)
    this.#parts.history.add(watch.record)
    try {
      const signal = AbortSignal.any([options.signal, this.#closing.signal])
      const result = await this.#queue.run(() => this.#inWarehouse(text, watch, { ...options, signal }))
      watch.succeeds(result)
      return result
    } catch (error) {
      watch.fails(error)
      throw error
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the session is closed'))
    await this.#queue.idle()
    // The connection takes its open transaction and its temporary tables with it.
    this.#state.connection.closeSync()
    this.#state.transaction?.abandon()
  }

  /** Takes a place in the session's warehouse, where the statement needs one, and keeps it until the statement has ended. */
  async #inWarehouse(text: StatementText, watch: StatementWatch, options: ExecuteOptions): Promise<StatementResult> {
    const { signal, beforeRun, describeOnly } = options
    const warehouse = needsWarehouse(text) && !describeOnly ? this.#parts.warehouses.get(this.#state.warehouse) : undefined
    let lease: SlotLease | undefined
    try {
      lease = await (warehouse && this.#takePlace(warehouse, signal))
      watch.starts(lease)
      await beforeRun?.(signal)
      const result = await this.#run(text, options)
      // Before the session's next statement begins, which may look at it.
      this.#parts.results.add(options.queryId, { user: this.#state.user, result })
      return result
    } catch (error) {
      throw signal.aborted ? toReason(signal) : error
    } finally {
      lease?.release()
    }
  }

  async #takePlace(warehouse: Warehouse, signal: AbortSignal): Promise<SlotLease> {
    const { clock } = this.#parts
    const timeoutSeconds = Number(this.#state.parameters.get('STATEMENT_QUEUED_TIMEOUT_IN_SECONDS'))
    if (timeoutSeconds === 0) return await warehouse.acquire(signal)
    const tooLong = new AbortController()
    const timer = clock.at(clock.monotonicMs() + timeoutSeconds * 1_000, () => tooLong.abort(queuedTooLong(timeoutSeconds)))
    try {
      return await warehouse.acquire(AbortSignal.any([signal, tooLong.signal]))
    } finally {
      timer.cancel()
    }
  }

  async #run(text: StatementText, options: ExecuteOptions): Promise<StatementResult> {
    if (options.signal.aborted) throw canceled(options.signal.reason)
    try {
      const statement = onlyStatement(text)
      return await this.#runForEachBind(statement, text.sql, options)
    } catch (error) {
      throw toSnowflakeError(error, text)
    } finally {
      this.#state.queries.add(options.queryId)
    }
  }

  /** Once, or once for each element where the binds are arrays; then all runs together are one statement. */
  async #runForEachBind(statement: Statement, sql: string, options: ExecuteOptions): Promise<StatementResult> {
    const rows = options.describeOnly ? 1 : bindRows(options)
    if (rows === 1) return await this.#runOnce(statement, sql, options, 0)
    return await inOneTransaction({ ...this.#parts, session: this.#state }, async () => {
      let result = await this.#runOnce(statement, sql, options, 0)
      for (let row = 1; row < rows; row += 1) result = addCounts(result, await this.#runOnce(statement, sql, options, row))
      return result
    })
  }

  async #runOnce(statement: Statement, sql: string, options: ExecuteOptions, row: number): Promise<StatementResult> {
    const { nodes } = parseStatement(statement, sql)
    const demands: TranslationDemands = { delaySeconds: 0, readsInformationSchema: false }
    const source = { binds: options.binds, row, tokens: statement.tokens }
    const frame: StatementFrame = {
      ...this.#parts,
      statement,
      cursor: new NodeCursor(nodes),
      scope: createScope(createTranslationSession(this.#state, this.#parts, source, demands), sql),
      session: this.#state,
      options,
      run: (duckSql) => this.#runDuckDb(duckSql, options, demands),
    }
    return await commandFor(statement, frame)(frame)
  }

  async #runDuckDb(sql: string, { signal }: ExecuteOptions, demands: TranslationDemands): Promise<DuckDBMaterializedResult> {
    const { clock, informationSchema } = this.#parts
    if (demands.readsInformationSchema) await informationSchema.refresh()
    if (demands.delaySeconds > 0) await delay(demands.delaySeconds, signal, clock)
    demands.delaySeconds = 0
    try {
      return await runDuckDb(this.#state.connection, sql, signal, clock)
    } catch (error) {
      await this.#state.transaction?.recoverFrom(error)
      throw error
    }
  }
}

/** Whoever canceled may have said why: its time was over, for example. */
function toReason({ reason }: AbortSignal): SnowflakeError {
  return reason instanceof SnowflakeError ? reason : canceled(reason)
}

async function delay(seconds: number, signal: AbortSignal, clock: EngineParts['clock']): Promise<void> {
  try {
    await sleep(clock, seconds * 1000, signal)
  } catch (error) {
    throw canceled(error)
  }
}

/** How many times the statement runs: once for each element where its binds are arrays. */
function bindRows({ binds }: ExecuteOptions): number {
  return Math.max(1, ...binds.map(({ value }) => (typeof value === 'string' || value === null ? 1 : value.length)))
}

/** The rows two runs of a DML statement changed, in one result; what is no count is the later result. */
function addCounts(sum: StatementResult, next: StatementResult): StatementResult {
  const left = firstRow(sum)
  const row = firstRow(next).map((cell, index) => (cell === null ? null : String(Number(cell) + Number(left[index] ?? 0))))
  return { ...next, batches: () => [[row]] }
}

function firstRow(result: StatementResult): WireRow {
  for (const [row] of result.batches()) return row ?? []
  return []
}

const commands: Partial<Record<StatementClass, Command>> = {
  select,
  show,
  describe,
  explain,
  use,
  session: alterSession,
  dml,
  ddl,
  grant,
  transaction,
}

function commandFor(statement: Statement, { cursor }: StatementFrame): Command {
  const kind = statementClass(statement)
  if (kind === 'set') return cursor.isAtKeyword('SET') ? setVariable : unsetVariable
  const command = commands[kind]
  if (command) return command
  const token = cursor.token()
  if (kind === 'unknown' || kind === 'empty') throw syntaxError(token)
  throw unsupportedFeature(kind === 'flow' ? '->>' : (token?.text.toUpperCase() ?? kind), token)
}
