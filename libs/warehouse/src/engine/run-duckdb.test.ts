import { DuckDBInstance } from '@duckdb/node-api'
import { systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import { runDuckDb } from './run-duckdb.ts'

const endless = 'SELECT count(*) FROM range(1000000000) a, range(1000000000) b'

test('a statement ends soon after its signal aborts, whenever that is, and the connection still works', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  for (const delayMs of [0, 1, 3, 10]) {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), delayMs)
    await expect(runDuckDb(connection, endless, controller.signal, systemClock)).rejects.toMatchObject({ code: '000604' })
  }
  await expect(runDuckDb(connection, endless, AbortSignal.abort(), systemClock)).rejects.toMatchObject({ code: '000604' })
  expect((await runDuckDb(connection, 'SELECT 1', new AbortController().signal, systemClock)).rowCount).toBe(1)
  connection.closeSync()
})
