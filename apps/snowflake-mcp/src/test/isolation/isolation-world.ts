// Sessions of the real driver in the embedded Snowflake, pooled and cleaned as the server does it, or with the cleaning broken.
import { SessionPool, type PoolResources } from '@squall/pool'
import { startProgram, type RunningProgram } from '@squall/program'
import { connectSnowflake, type SnowflakeConnection, type SnowflakeOptions } from '@squall/snowflake'
import { systemClock } from '@squall/time'

/** How a session is cleaned when it comes back. */
export type Cleaning = (connection: SnowflakeConnection) => Promise<boolean>

/** As the server cleans. */
export const cleaning: Cleaning = (connection) => connection.reset()

/** Ways to break it: nothing is cleaned; what cannot be proven clean is kept all the same. */
export const brokenCleanings = {
  'nothing is cleaned': () => Promise.resolve(true),
  'doubt is ignored': async (connection) => (await connection.reset(), true),
} satisfies Record<string, Cleaning>

export interface IsolationWorld extends AsyncDisposable {
  /** A pool of its own over the one Snowflake. */
  openPool(clean: Cleaning, sessions: number): SessionPool<SnowflakeConnection>
}

const entry = new URL('../../../../snowflake-local/src/main.ts', import.meta.url)

/** Starts the embedded Snowflake. */
export async function openIsolationWorld(dataDirectory: string): Promise<IsolationWorld> {
  const args = ['--port', '0', '--data', dataDirectory, '--password', 'right']
  const program = await startProgram({ name: 'snowflake-local', entry, args })
  const signIn = optionsFor(program)
  const connection = await connectSnowflake(signIn)
  const run = async (sql: string): Promise<void> => void (await connection.run({ sql, timeoutMs: 20_000, maxRows: 0 }))
  // Rows are only ever put here within transactions that nobody commits.
  await run('CREATE OR REPLACE TABLE TEST_DB.PUBLIC.ISOLATION_MARKS (MARK TEXT)')
  await connection.close()
  return {
    openPool: (clean, sessions) => new SessionPool(resources(signIn, clean), poolOptions(sessions), systemClock),
    [Symbol.asyncDispose]: () => program.stop(),
  }
}

function optionsFor({ url }: RunningProgram): SnowflakeOptions {
  const home = { database: 'TEST_DB', schema: 'PUBLIC', warehouse: 'COMPUTE_WH', role: 'SYSADMIN' }
  return { account: 'LOCAL', user: 'SQUALL', authenticator: 'SNOWFLAKE', password: 'right', accessUrl: url, ...home }
}

function resources(signIn: SnowflakeOptions, clean: Cleaning): PoolResources<SnowflakeConnection> {
  return {
    create: (signal) => connectSnowflake(signIn, signal),
    destroy: (connection) => connection.close(),
    validate: (connection) => connection.heartbeat(),
    clean,
  }
}

function poolOptions(sessions: number): ConstructorParameters<typeof SessionPool>[1] {
  const times = { acquireTimeoutMs: 60_000, idleTimeoutMs: 60_000, maxLifetimeMs: 3_600_000, validateAfterIdleMs: 30_000 }
  return { min: 0, max: sessions, maxWaiting: 1_000, ...times }
}
