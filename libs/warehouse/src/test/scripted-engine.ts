import { once } from 'node:events'
import { systemClock } from '@squall/time'
import { Warehouses } from '../compute/warehouses.ts'
import type {
  EngineSession,
  ExecuteOptions,
  ParameterValue,
  ResultColumn,
  SessionInit,
  StatementResult,
  WarehouseEngine,
  WireRow,
} from '../engine/engine.ts'
import { QueryHistory } from '../history/query-history.ts'
import { SnowflakeError } from '../engine/snowflake-error.ts'

/**
 * An engine for what only the wire does: statements that run until told, results of any size, bugs.
 * It knows: `HANG` (until cancelled), `WAIT` (until `release`), `ROWS n`, `LIAR n` (promises n rows, gives none), `BUG`, `USE x`,
 * `ECHO` (its binds), `FAIL` (an answer with a place). The database `NOWHERE` does not exist, `BROKEN` is a bug.
 */
export class ScriptedEngine implements WarehouseEngine {
  readonly warehouses = new Warehouses(systemClock)
  readonly history = new QueryHistory()
  readonly openSessions = new Set<ScriptedSession>()
  /** Every text executed, in order. */
  readonly executed: string[] = []
  readonly #released = Promise.withResolvers<void>()
  readonly released: Promise<void> = this.#released.promise

  openSession(init: SessionInit): Promise<EngineSession> {
    if (init.database === 'NOWHERE') return Promise.reject(new SnowflakeError('390201', '08004', 'There is no NOWHERE.'))
    if (init.database === 'BROKEN') return Promise.reject(new TypeError('a bug in BROKEN'))
    const session = new ScriptedSession(this, init)
    this.openSessions.add(session)
    return Promise.resolve(session)
  }

  /** Lets every `WAIT` end. */
  release(): void {
    this.#released.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class ScriptedSession implements EngineSession {
  context: EngineSession['context']
  readonly parameters = new Map<string, ParameterValue>([
    ['QUERY_TAG', ''],
    ['BINARY_OUTPUT_FORMAT', 'HEX'],
    ['TIMEZONE', 'Etc/UTC'],
  ])
  readonly #engine: ScriptedEngine

  constructor(engine: ScriptedEngine, { user, role, warehouse, database, schema, parameters }: SessionInit) {
    this.#engine = engine
    for (const [name, value] of parameters ?? []) if (this.parameters.has(name)) this.parameters.set(name, value)
    this.context = {
      user,
      role: role ?? 'SYSADMIN',
      warehouse: warehouse ?? null,
      database: database ?? null,
      schema: schema ?? null,
    }
  }

  async execute(sql: string, { signal, binds, beforeRun }: ExecuteOptions): Promise<StatementResult> {
    await beforeRun?.(signal)
    this.#engine.executed.push(sql)
    const [verb = '', argument = ''] = sql.split(' ')
    switch (verb) {
      case 'HANG':
        if (!signal.aborted) await once(signal, 'abort')
        throw signal.reason
      case 'WAIT':
        await this.#engine.released
        return toResult([['waited']])
      case 'ROWS':
        return toResult(Array.from({ length: Number(argument) }, (_, index) => [String(index)]))
      case 'LIAR':
        return { ...toResult([]), rowCount: Number(argument) }
      case 'USE':
        this.context = { ...this.context, database: argument }
        return toResult([['Statement executed successfully.']])
      case 'ECHO':
        return toResult(binds.map(({ type, value }) => [`${type} ${JSON.stringify(value)}`]))
      case 'FAIL':
        throw new SnowflakeError('001003', '42000', 'SQL compilation error', { line: 2, position: 7 })
      default:
        throw new TypeError(`a bug in ${verb}`)
    }
  }

  close(): Promise<void> {
    this.#engine.openSessions.delete(this)
    return Promise.resolve()
  }
}

const textColumn: ResultColumn = {
  name: 'C',
  type: 'text',
  precision: null,
  scale: null,
  length: 100,
  nullable: true,
  database: '',
  schema: '',
  table: '',
}

function toResult(rows: readonly WireRow[]): StatementResult {
  return { statementTypeId: 0x1000, columns: [textColumn], rowCount: rows.length, batches: () => inBatches(rows) }
}

function* inBatches(rows: readonly WireRow[]): Generator<readonly WireRow[]> {
  for (let start = 0; start < rows.length; start += 700) yield rows.slice(start, start + 700)
}
