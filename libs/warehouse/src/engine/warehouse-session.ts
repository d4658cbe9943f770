import { type DuckDBMaterializedResult } from '@duckdb/node-api'
import { splitStatements, type Statement, statementClass, type StatementClass, type Token, tokenize } from '@squall/snowflake-sql'
import { sleep } from '@squall/time'
import { NodeCursor } from '../translate/node-cursor.ts'
import { createScope, parseStatement } from '../translate/translate-statement.ts'
import { alterSession } from './commands/alter-session.ts'
import { ddl } from './commands/ddl.ts'
import { describe } from './commands/describe.ts'
import { dml } from './commands/dml.ts'
import { explain } from './commands/explain.ts'
import { select } from './commands/select.ts'
import { setVariable, unsetVariable } from './commands/session-variables.ts'
import { show } from './commands/show.ts'
import { transaction } from './commands/transaction.ts'
import { use } from './commands/use.ts'
import { toSnowflakeError } from './duckdb-errors.ts'
import type { EngineSession, ExecuteOptions, ParameterValue, SessionContext, StatementResult } from './engine.ts'
import { runDuckDb } from './run-duckdb.ts'
import type { SessionState } from './session-state.ts'
import { createTranslationSession, type TranslationDemands } from './session-translation.ts'
import { SnowflakeError } from './snowflake-error.ts'
import { canceled, placeOf, syntaxError, unsupportedFeature } from './snowflake-errors.ts'
import type { Command, EngineParts, StatementFrame } from './statement-frame.ts'
import { StatementQueue } from './statement-queue.ts'

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
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    const result = await this.#queue.run(async () => {
      if (signal.aborted) throw canceled(signal.reason)
      return await this.#run(sql, { ...options, signal })
    })
    this.#state.lastQueryId = options.queryId
    return result
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the session is closed'))
    await this.#queue.idle()
    // The connection takes its open transaction and its temporary tables with it.
    this.#state.connection.closeSync()
  }

  async #run(sql: string, options: ExecuteOptions): Promise<StatementResult> {
    const tokens = tokenize(sql)
    try {
      const statement = onlyStatement(tokens)
      const rows = options.describeOnly ? 1 : bindRows(options)
      let result = await this.#runOnce(statement, sql, options, 0)
      for (let row = 1; row < rows; row += 1) result = addCounts(result, await this.#runOnce(statement, sql, options, row))
      return result
    } catch (error) {
      throw toSnowflakeError(error, { tokens })
    }
  }

  async #runOnce(statement: Statement, sql: string, options: ExecuteOptions, row: number): Promise<StatementResult> {
    const { nodes } = parseStatement(statement, sql)
    const demands: TranslationDemands = { delaySeconds: 0, readsInformationSchema: false }
    const source = { binds: options.binds, row, tokens: statement.tokens }
    const frame: StatementFrame = {
      ...this.#parts,
      statement,
      cursor: new NodeCursor(nodes),
      scope: createScope(createTranslationSession(this.#state, this.#parts.catalog, source, demands), sql),
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
    return await runDuckDb(this.#state.connection, sql, signal, clock)
  }
}

async function delay(seconds: number, signal: AbortSignal, clock: EngineParts['clock']): Promise<void> {
  try {
    await sleep(clock, seconds * 1000, signal)
  } catch (error) {
    throw canceled(error)
  }
}

/** The one statement of a text. Throws 000900 for none, 000008 for several. */
function onlyStatement(tokens: readonly Token[]): Statement {
  const statements = splitStatements(tokens)
  const [statement] = statements
  if (!statement) throw new SnowflakeError('000900', '42601', 'SQL compilation error:\nEmpty SQL statement.')
  if (statements.length === 1) return statement
  const message = `Actual statement count ${statements.length} did not match the desired statement count 1.`
  throw new SnowflakeError('000008', '0A000', message, placeOf(statements[1]?.tokens[0]))
}

/** How many times the statement runs: once for each element where its binds are arrays. */
function bindRows({ binds }: ExecuteOptions): number {
  return Math.max(1, ...binds.map(({ value }) => (typeof value === 'string' || value === null ? 1 : value.length)))
}

/** The rows two runs of a DML statement changed, in one result; what is no count is the later result. */
function addCounts(sum: StatementResult, next: StatementResult): StatementResult {
  return {
    ...next,
    batches: async function* () {
      const left = await firstRow(sum)
      const right = await firstRow(next)
      yield [right.map((cell, index) => (cell === null ? null : String(Number(cell) + Number(left[index] ?? 0))))]
    },
  }
}

async function firstRow(result: StatementResult): Promise<readonly (string | null)[]> {
  for await (const [row] of result.batches()) return row ?? []
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
