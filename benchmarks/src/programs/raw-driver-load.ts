// What a statement costs snowflake-sdk by itself: sessions that send it over and over and read all of its rows, and nothing around it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, RowStatement } from 'snowflake-sdk'
import { ownCpuSeconds, printLoadResult } from '../load-job.ts'
import type { DriverJob } from '../raw-driver.ts'

// The driver reads these while it loads; without them it looks for the metadata services of three clouds.
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'
process.env['SNOWFLAKE_DISABLE_MINICORE'] = 'true'
process.env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] = 'true'
const { default: snowflake } = await import('snowflake-sdk')
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false })

// Written by the benchmark that starts this program.
const { url, password, sessions, sql, warmUpSeconds, measuredSeconds } = JSON.parse(process.argv[2] ?? '') as DriverJob
const over = new AbortController()
let calls = 0

const connections = await Promise.all(Array.from({ length: sessions }, signIn))
const [result] = await Promise.all([measure(), ...connections.map(queryOverAndOver)])
printLoadResult({ ...result, allCalls: calls })
await Promise.all(connections.map((connection) => new Promise((resolve) => connection.destroy(resolve))))

async function measure(): Promise<{ readonly calls: number; readonly cpuSeconds: number }> {
  await sleep(warmUpSeconds * 1000)
  const before = { calls, cpuSeconds: ownCpuSeconds() }
  await sleep(measuredSeconds * 1000)
  over.abort()
  return { calls: calls - before.calls, cpuSeconds: ownCpuSeconds() - before.cpuSeconds }
}

function signIn(): Promise<Connection> {
  const connection = snowflake.createConnection({
    account: 'LOCAL',
    username: 'SQUALL',
    password,
    accessUrl: url,
    database: 'TEST_DB',
    schema: 'PUBLIC',
  })
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)))
  })
}

async function queryOverAndOver(connection: Connection): Promise<void> {
  while (!over.signal.aborted) {
    const rows = await query(connection)
    if (rows !== 1) throw new Error(`${rows} rows instead of one`)
    calls++
  }
}

/** @returns how many rows came. */
function query(connection: Connection): Promise<number> {
  return new Promise((resolve, reject) => {
    const complete = (error: Error | undefined, statement: RowStatement): void => {
      if (error) return reject(error)
      let rows = 0
      statement
        .streamRows()
        .on('data', () => (rows += 1))
        .on('error', reject)
        .on('end', () => resolve(rows))
    }
    connection.execute({ sqlText: sql, streamResult: true, rowMode: 'array', complete })
  })
}
