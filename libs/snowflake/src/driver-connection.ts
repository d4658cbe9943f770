import { CodedError } from '@squall/errors'
import { abortable, type Clock } from '@squall/time'
import type { Connection, RowStatement } from 'snowflake-sdk'
import { describeColumn } from './column-type.ts'
import { statementFailure } from './driver-failure.ts'
import { DriverStatement } from './driver-statement.ts'
import { snowflakeErrors } from './errors.ts'
import { logOut } from './log-out.ts'
import { readRows } from './read-rows.ts'
import { sessionContext } from './session-context.ts'
import { SessionLedger } from './session-ledger.ts'
import type { SnowflakeConnection } from './snowflake-connection.ts'
import type { SessionContext, Statement, StatementResult } from './statement.ts'
import { statementEffect, type StatementEffect } from './statement-effect.ts'
import { startLimit, type StatementLimit } from './statement-limit.ts'
import { settlesWithin } from './within.ts'

const heartbeatTimeoutMs = 5_000
const closeTimeoutMs = 3_000
const rollbackTimeoutMs = 5_000

/** What leaves no doubt about the session: Snowflake itself refused the statement, or has ended it. */
const harmlessFailures: ReadonlySet<string> = new Set([
  snowflakeErrors.SNOWFLAKE_QUERY_FAILED.code,
  snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT.code,
  snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED.code,
  // These were never sent.
  snowflakeErrors.SNOWFLAKE_FILES_REFUSED.code,
  snowflakeErrors.SNOWFLAKE_LAST_RESULT_REFUSED.code,
])

/** A connection through snowflake-sdk. */
export class DriverConnection implements SnowflakeConnection {
  readonly #driver: Connection
  readonly #clock: Clock
  readonly #ledger: SessionLedger
  #isBusy = false

  constructor(driver: Connection, birth: SessionContext, clock: Clock) {
    this.#driver = driver
    this.#clock = clock
    this.#ledger = new SessionLedger(birth)
  }

  async run(statement: Statement): Promise<StatementResult> {
    if (this.#isBusy) throw new Error('a connection runs one statement at a time')
    this.#isBusy = true
    using limit = startLimit(statement.timeoutMs, statement.signal, this.#clock)
    try {
      return await this.#runInPlace(statement, limit)
    } catch (error) {
      const failure = statementFailure(error)
      if (failure.code === snowflakeErrors.SNOWFLAKE_QUERY_FAILED.code) this.#ledger.wasRefused()
      if (!harmlessFailures.has(failure.code)) this.#ledger.doubtBecause(failure.message)
      throw failure
    } finally {
      this.#isBusy = false
    }
  }

  context(): SessionContext {
    return this.#ledger.context
  }

  isUp(): boolean {
    return this.#driver.isUp()
  }

  async heartbeat(): Promise<boolean> {
    const answer = this.#driver.isValidAsync().catch(() => false)
    return (await settlesWithin(answer, heartbeatTimeoutMs, this.#clock)) && answer
  }

  async reset(): Promise<boolean> {
    if (this.#isBusy || !this.isUp()) return false
    if (this.#ledger.inTransaction) await this.#rollBack()
    this.#ledger.goHome()
    return this.#ledger.doubt === undefined
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => logOut(this.#driver, this.#clock, resolve))
    await settlesWithin(closed, closeTimeoutMs, this.#clock)
  }

  async #rollBack(): Promise<void> {
    try {
      await this.run({ sql: 'ROLLBACK', context: 'anywhere', timeoutMs: rollbackTimeoutMs, maxRows: 0 })
    } catch (error) {
      this.#ledger.doubtBecause(`a transaction could not be rolled back: ${(error as Error).message}`)
    }
  }

  async #runInPlace(statement: Statement, limit: StatementLimit): Promise<StatementResult> {
    if (statement.resultOf !== undefined) return this.#readAgain(statement, statement.resultOf, limit)
    refuseFileTransfer(statement.sql)
    this.#ledger.refuseLastResultOfOthers(statement.sql)
    const effect = statementEffect(statement.sql)
    await this.#goTo(statement, effect, limit)
    this.#ledger.willRun(effect)
    const completed = await this.#execute(statement, limit)
    const context = sessionContext(completed)
    this.#ledger.didRun(effect, context)
    return toResult(completed, statement, limit, context)
  }

  /** Fetching a result runs nothing, so it neither moves the session nor leaves anything in it. */
  async #readAgain(statement: Statement, queryId: string, limit: StatementLimit): Promise<StatementResult> {
    limit.signal.throwIfAborted()
    const sent = new DriverStatement(this.#driver, { sqlText: '' }, queryId)
    return toResult(await abortable(sent.completed, limit.signal), statement, limit, this.#ledger.context)
  }

  async #goTo(statement: Statement, effect: StatementEffect, limit: StatementLimit): Promise<void> {
    const move = this.#ledger.moveFor(statement.context, effect)
    if (!move) return
    this.#ledger.willMove()
    const completed = await this.#execute({ ...statement, sql: move.sql, binds: [] }, limit)
    this.#ledger.moved(move, sessionContext(completed))
  }

  /** Sends one statement, and cancels it in Snowflake when its time is over before Snowflake answered. */
  async #execute({ sql, binds, queryTag, timeoutMs }: Statement, { signal }: StatementLimit): Promise<RowStatement> {
    signal.throwIfAborted()
    const parameters = {
      // The driver keeps this one for the whole process, and anybody's ALTER SESSION would change it there.
      MULTI_STATEMENT_COUNT: 1,
      // Snowflake's own end for a statement whose client died. Later than ours, so that ours is the one people see.
      STATEMENT_TIMEOUT_IN_SECONDS: Math.ceil(timeoutMs / 1_000) + 5,
      ...(queryTag !== undefined && { QUERY_TAG: queryTag }),
    }
    const sent = new DriverStatement(this.#driver, { sqlText: sql, parameters, ...(binds?.length && { binds }) })
    try {
      return await abortable(sent.completed, signal)
    } catch (error) {
      if (signal.aborted && !(await sent.cancel(this.#clock))) this.#ledger.doubtBecause('a cancelled statement may still run')
      throw error
    }
  }
}

async function toResult(
  completed: RowStatement,
  { maxRows, maxBytes = Infinity, maxCellChars = Infinity, firstRow = 0 }: Statement,
  { signal }: StatementLimit,
  context: SessionContext,
): Promise<StatementResult> {
  const read = await readRows(completed, { firstRow, maxRows, maxBytes, maxCellChars, signal })
  return { queryId: completed.getQueryId(), columns: (completed.getColumns() ?? []).map(describeColumn), ...read, context }
}

/** The driver reads and writes local files for whatever begins like this, before Snowflake ever sees it. */
function refuseFileTransfer(sql: string): void {
  if (/^\s*(?:PUT|GET)/i.test(sql)) throw new CodedError(snowflakeErrors.SNOWFLAKE_FILES_REFUSED)
}
