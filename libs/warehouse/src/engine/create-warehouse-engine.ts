import { DuckDBInstance } from '@duckdb/node-api'
import { type Clock, systemClock } from '@squall/time'
import { Access, defaultRole } from '../access/access.ts'
import { Catalog } from '../catalog/catalog.ts'
import { InformationSchema } from '../catalog/information-schema.ts'
import { systemDatabase } from '../catalog/system-database.ts'
import { loadSampleData } from '../sample-data/load-sample-data.ts'
import { prepareSampleData } from '../sample-data/prepare-sample-data.ts'
import { defaultWarehouse, Warehouses } from '../compute/warehouses.ts'
import { KeptResults } from '../history/kept-results.ts'
import { QueryHistory } from '../history/query-history.ts'
import { compatMacros } from '../translate/compat-macros.ts'
import type { EngineSession, SessionInit, WarehouseEngine } from './engine.ts'
import { parseParameter } from './session-parameters.ts'
import { SessionState } from './session-state.ts'
import { SnowflakeError } from './snowflake-error.ts'
import type { EngineParts } from './statement-frame.ts'
import { setTimezone } from './time-zone.ts'
import { WarehouseSession } from './warehouse-session.ts'
import { WriteLocks } from './write-locks.ts'

export interface WarehouseEngineOptions {
  /** Where sample data is kept between starts. Several engines, in several processes, may share it. */
  readonly dataDirectory: string
  /** Threads DuckDB spreads one statement over. One unless given: sessions run side by side, and to split small statements costs more than it saves. */
  readonly threads?: number
  readonly clock?: Clock
}

/** Opens a warehouse with its sample data, which is made first where the directory has none. */
export async function createWarehouseEngine(options: WarehouseEngineOptions): Promise<WarehouseEngine> {
  const clock = options.clock ?? systemClock
  const files = await prepareSampleData(options.dataDirectory, clock)
  const instance = await DuckDBInstance.create(':memory:', {
    default_null_order: 'nulls_last_on_asc_first_on_desc',
    threads: String(options.threads ?? 1),
  })
  const connection = await instance.connect()
  await connection.run(`ATTACH ':memory:' AS "${systemDatabase}"`)
  await connection.run(compatMacros.map((macro) => `CREATE MACRO "${systemDatabase}".main.${macro}`).join(';\n'))
  const catalog = new Catalog()
  const parts: EngineParts = {
    catalog,
    informationSchema: new InformationSchema(connection, catalog),
    locks: new WriteLocks(),
    access: new Access(),
    warehouses: new Warehouses(clock),
    history: new QueryHistory(),
    results: new KeptResults(),
    clock,
  }
  const engine = new DuckDbEngine(instance, parts)
  await loadSampleData(files, connection, engine, catalog)
  // From here on nothing reads or writes files: `read_csv` and its like stay inside.
  await connection.run('SET enable_external_access = false')
  return engine
}

class DuckDbEngine implements WarehouseEngine {
  readonly #instance: DuckDBInstance
  readonly #parts: EngineParts
  readonly #sessions = new Set<WarehouseSession>()
  #sessionCount = 0

  constructor(instance: DuckDBInstance, parts: EngineParts) {
    this.#instance = instance
    this.#parts = parts
  }

  get warehouses(): Warehouses {
    return this.#parts.warehouses
  }

  get history(): QueryHistory {
    return this.#parts.history
  }

  async openSession(init: SessionInit): Promise<EngineSession> {
    const role = init.role ?? defaultRole
    if (!this.#parts.access.mayUse(init.user, role)) throw unknownRole(role)
    const connection = await this.#instance.connect()
    this.#sessionCount += 1
    const state = new SessionState(String(this.#sessionCount), init.user, role, connection, this.#parts.access)
    try {
      await connection.run(`SET search_path = '"${systemDatabase}".main'`)
      await setParameters(state, init.parameters)
    } catch (error) {
      connection.closeSync()
      throw error
    }
    this.#enter(state, init)
    const session = new WarehouseSession(state, this.#parts)
    this.#sessions.add(session)
    return {
      get context() {
        return session.context
      },
      parameters: session.parameters,
      execute: (sql, options) => session.execute(sql, options),
      close: async () => {
        if (this.#sessions.delete(session)) await session.close()
      },
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions]
    this.#sessions.clear()
    await Promise.all(sessions.map((session) => session.close()))
    this.#instance.closeSync()
  }

  /** As in Snowflake, a database, schema or warehouse that does not exist is left unset, and the sign-in succeeds. */
  #enter(state: SessionState, { database, schema, warehouse }: SessionInit): void {
    state.warehouse = this.#parts.warehouses.get(warehouse ?? defaultWarehouse)?.name ?? null
    const found = database === undefined ? undefined : this.#parts.catalog.database(database)
    if (!found) return
    state.database = found.name
    const wanted = schema ?? 'PUBLIC'
    state.schema = found.schemas.has(wanted) ? wanted : null
  }
}

async function setParameters({ parameters, connection }: SessionState, wanted: SessionInit['parameters']): Promise<void> {
  for (const [name, value] of wanted ?? []) if (parameters.has(name)) parameters.set(name, parseParameter(name, String(value)))
  const zone = String(parameters.get('TIMEZONE'))
  await setTimezone(zone, (sql) => connection.run(sql))
}

function unknownRole(role: string): SnowflakeError {
  const message = `Role '${role}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to login with another role.`
  return new SnowflakeError('390189', '08001', message)
}
