// The unmodified driver, quiet: its defaults log to standard output and look for cloud machines when it is loaded.
import type { Connection, ConnectionOptions, RowStatement, StatementOption } from 'snowflake-sdk'

process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
process.env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] = '1'
const { default: snowflake } = await import('snowflake-sdk')
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, useEnvProxy: false })

export type { Connection }

export const testUser = { name: 'TESTER', password: 'right' }

/** Connects as the test user unless told otherwise. */
export function connect(url: string, options: Partial<ConnectionOptions> = {}): Promise<Connection> {
  const connection = snowflake.createConnection({
    accessUrl: url,
    account: 'LOCAL',
    username: testUser.name,
    password: testUser.password,
    representNullAsStringNull: false,
    ...options,
  })
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)))
  })
}

export type Row = Record<string, unknown>

export interface Ran {
  readonly statement: RowStatement
  readonly rows: Row[]
}

/** Runs a statement to its end. */
export function run(connection: Connection, sqlText: string, options: Partial<StatementOption> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    connection.execute({
      ...options,
      sqlText,
      complete: (error, statement, rows) =>
        error ? reject(error) : resolve({ statement, rows: (rows as Row[] | undefined) ?? [] }),
    })
  })
}

export async function rowsOf(connection: Connection, sqlText: string, options?: Partial<StatementOption>): Promise<Row[]> {
  return (await run(connection, sqlText, options)).rows
}

export function disconnect(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.destroy((error) => (error ? reject(error) : resolve()))
  })
}
