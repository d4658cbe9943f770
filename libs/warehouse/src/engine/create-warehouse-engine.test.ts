import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from './engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

test('a client that just signed in reads a view by its full name', async () => {
  const { columns, rows } = await ask(session, 'SELECT * FROM TEST_DB.REPORTING.REVENUE_BY_MONTH LIMIT 3')
  expect(columns).toEqual(['MONTH', 'ORDERS', 'REVENUE', 'AVERAGE_ORDER'])
  expect(rows).toHaveLength(3)
})

test('the four sample databases are there, and the scaled one says that it is', async () => {
  const { rows } = await ask(session, 'SHOW DATABASES')
  expect(rows.map((row) => row[1])).toEqual(['ANALYTICS_DB', 'SNOWFLAKE_SAMPLE_DATA', 'STAGING_DB', 'TEST_DB'])
  expect(rows[1]?.[6]).toContain('Scaled down')
})

test('a sign-in names what exists, and what does not exist is left unset', async () => {
  const lost = await openSession(engine, { database: 'NOWHERE', warehouse: 'NOTHING' })
  expect(lost.context).toEqual({ database: null, schema: null, warehouse: null, role: 'SYSADMIN', user: 'TESTER' })
  const found = await openSession(engine, { schema: 'STAGING', warehouse: 'LOAD_WH', role: 'ANALYST' })
  expect(found.context).toEqual({ database: 'TEST_DB', schema: 'STAGING', warehouse: 'LOAD_WH', role: 'ANALYST', user: 'TESTER' })
  await expect(openSession(engine, { role: 'KING' })).rejects.toMatchObject({ code: '390189', sqlState: '08001' })
})

test('a session that was closed cancels what it was asked, and closing twice is harmless', async () => {
  const closing = await openSession(engine)
  const running = ask(closing, 'SELECT SYSTEM$WAIT(60)')
  await Promise.all([closing.close(), expect(running).rejects.toMatchObject({ code: '000604' })])
  await closing.close()
})
