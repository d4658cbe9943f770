import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import type { Connection } from 'snowflake-sdk'
import { afterAll, expect, test } from 'vitest'

// The driver looks for cloud machines when it is loaded, and logs to standard output, unless told otherwise.
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
const { default: snowflake } = await import('snowflake-sdk')
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, useEnvProxy: false })

const directory = temporaryDirectory(afterAll)

type Row = Readonly<Record<string, unknown>>

interface Started {
  readonly durationMs: number
  readonly query: (sqlText: string) => Promise<readonly Row[]>
  readonly stop: () => Promise<void>
}

async function start(): Promise<Started> {
  const startedMs = performance.now()
  const entry = new URL('./main.ts', import.meta.url)
  const program = await startProgram({
    name: 'snowflake-local',
    entry,
    args: ['--port', '0', '--data', directory],
    readyTimeoutMs,
  })
  const durationMs = performance.now() - startedMs
  const connection = await connect(program.url)
  return {
    durationMs,
    query: (sqlText) => query(connection, sqlText),
    stop: async () => {
      await new Promise<void>((resolve, reject) => connection.destroy((error) => (error ? reject(error) : resolve())))
      await program.stop()
    },
  }
}

const readyTimeoutMs = 120_000

function connect(accessUrl: string): Promise<Connection> {
  const connection = snowflake.createConnection({ accessUrl, account: 'LOCAL', username: 'SQUALL', password: 'squall-local' })
  return new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve(connection))))
}

function query(connection: Connection, sqlText: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    connection.execute({ sqlText, complete: (error, _, rows) => (error ? reject(error) : resolve((rows ?? []) as Row[])) })
  })
}

/** Each file below the data directory with its size and when it was written. */
function files(): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(directory, name))
      return `${name} ${size} ${mtimeMs}`
    })
}

const columnOf = (rows: readonly Row[], name: string): unknown[] => rows.map((row) => row[name])

/** Everything that is there, each view asked for rows. */
async function survey(sql: Started['query']): Promise<unknown> {
  const databases = columnOf(await sql('SHOW DATABASES'), 'name')
  expect(databases).toEqual(['ANALYTICS_DB', 'SNOWFLAKE_SAMPLE_DATA', 'STAGING_DB', 'TEST_DB'])
  const found: Record<string, number> = {}
  for (const database of ['TEST_DB', 'ANALYTICS_DB', 'STAGING_DB']) {
    const schemas = columnOf(await sql(`SHOW SCHEMAS IN DATABASE ${database}`), 'name')
    expect(schemas).toEqual(['INFORMATION_SCHEMA', 'PUBLIC', 'REPORTING', 'STAGING'])
    for (const schema of ['PUBLIC', 'STAGING', 'REPORTING']) {
      const views = await sql(`SHOW VIEWS IN SCHEMA ${database}.${schema}`)
      expect(views.length, `${database}.${schema}`).toBeGreaterThanOrEqual(3)
      for (const { name, comment } of views) {
        expect(comment).not.toBe('')
        const view = `${database}.${schema}.${String(name)}`
        const [row] = await sql(`SELECT COUNT(*) AS N FROM ${view}`)
        found[view] = Number(row?.['N'])
        expect(found[view], view).toBeGreaterThan(0)
      }
    }
  }
  return found
}

async function surveyTpch(sql: Started['query']): Promise<void> {
  const [schema] = await sql("SHOW SCHEMAS LIKE 'TPCH_SF1' IN DATABASE SNOWFLAKE_SAMPLE_DATA")
  expect(schema).toMatchObject({
    comment: expect.stringContaining('Scaled down: generated locally at scale factor 0.01') as string,
  })
  const tables = await sql('SHOW TABLES IN SCHEMA SNOWFLAKE_SAMPLE_DATA.TPCH_SF1')
  const rows = Object.fromEntries(tables.map((table) => [String(table['name']), Number(table['rows'])] as const))
  expect(rows).toMatchObject({
    REGION: 5,
    NATION: 25,
    SUPPLIER: 100,
    PART: 2_000,
    PARTSUPP: 8_000,
    CUSTOMER: 1_500,
    ORDERS: 15_000,
    LINEITEM: expect.any(Number) as number,
  })
  // From one to seven lines for each order.
  expect(rows['LINEITEM']).toBeGreaterThan(55_000)
  expect(rows['LINEITEM']).toBeLessThan(65_000)
  for (const { name, comment } of tables.filter(({ name: table }) => table !== 'REGION' && table !== 'NATION'))
    expect(comment, String(name)).toContain('Scaled down')
}

test('the first start makes the sample data, which says that it is scaled; the second only opens it [E3]', async () => {
  const first = await start()
  await surveyTpch(first.query)
  const made = await survey(first.query)
  await first.stop()
  const before = files()
  const second = await start()
  expect(second.durationMs).toBeLessThan(first.durationMs)
  await surveyTpch(second.query)
  expect(await survey(second.query)).toEqual(made)
  await second.stop()
  expect(files()).toEqual(before)
}, 240_000)
