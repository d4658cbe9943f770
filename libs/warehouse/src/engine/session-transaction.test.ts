import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ask, openEngine, openSession } from '../test/open-engine.ts'
import type { EngineSession, WarehouseEngine } from './engine.ts'

let engine: WarehouseEngine
let one: EngineSession
let two: EngineSession

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(async () => engine.close())
beforeEach(async () => {
  ;[one, two] = [await openSession(engine), await openSession(engine)]
  await ask(one, 'CREATE OR REPLACE TABLE ledger (id INT, amount INT)')
  await ask(one, 'INSERT INTO ledger VALUES (1, 10), (2, 20)')
})
afterEach(async () => {
  await Promise.all([one.close(), two.close()])
})

const amounts = async (session: EngineSession): Promise<unknown> =>
  (await ask(session, 'SELECT amount FROM ledger ORDER BY id')).rows.flat()
const transactionOf = async (session: EngineSession): Promise<string | null | undefined> =>
  (await ask(session, 'SELECT CURRENT_TRANSACTION()')).rows[0]?.[0]

test('a transaction has an id of its own, as long as it is open', async () => {
  expect(await transactionOf(one)).toBeNull()
  await ask(one, 'BEGIN')
  const id = await transactionOf(one)
  expect(id).toMatch(/^\d{16,}$/)
  await ask(one, 'BEGIN')
  expect(await transactionOf(one)).toBe(id)
  expect(await transactionOf(two)).toBeNull()
  await ask(one, 'COMMIT')
  expect(await transactionOf(one)).toBeNull()
  await ask(one, 'BEGIN TRANSACTION')
  expect(await transactionOf(one)).not.toBe(id)
})

test('until it writes, a transaction reads what others have committed', async () => {
  await ask(one, 'BEGIN')
  expect(await amounts(one)).toEqual(['10', '20'])
  await ask(two, 'UPDATE ledger SET amount = 11 WHERE id = 1')
  expect(await amounts(one)).toEqual(['11', '20'])
  await ask(one, 'UPDATE ledger SET amount = amount + 100 WHERE id = 1')
  expect(await amounts(one)).toEqual(['111', '20'])
  expect(await amounts(two)).toEqual(['11', '20'])
  await ask(one, 'COMMIT')
  expect(await amounts(two)).toEqual(['111', '20'])
})

test('a second writer waits for the first one’s transaction, and then works on its outcome', async () => {
  await ask(one, 'BEGIN')
  await ask(one, 'UPDATE ledger SET amount = 50 WHERE id = 1')
  const waiting = ask(two, 'UPDATE ledger SET amount = amount + 1 WHERE id = 1')
  expect(await ask(one, 'SELECT 1')).toMatchObject({ rows: [['1']] })
  await ask(one, 'COMMIT')
  await waiting
  expect(await amounts(one)).toEqual(['51', '20'])
})

test('a writer who waits can be cancelled', async () => {
  await ask(one, 'BEGIN')
  await ask(one, 'DELETE FROM ledger')
  const impatience = new AbortController()
  const waiting = ask(two, 'DELETE FROM ledger', impatience.signal).catch((error: unknown) => error)
  await vi.waitFor(() => expect(engine.history.newest()[0]).toMatchObject({ type: 'DELETE', phase: 'RUNNING' }))
  impatience.abort()
  expect(await waiting).toMatchObject({ code: '000604' })
  await ask(one, 'ROLLBACK')
  await ask(two, 'DELETE FROM ledger WHERE id = 2')
  expect(await amounts(one)).toEqual(['10'])
})

test.each([
  ["SELECT 'x'::NUMBER", '100038'],
  ['SELECT NO_SUCH FROM ledger', '000904'],
  ["INSERT INTO ledger VALUES ('y', 1)", '100038'],
])('after %s the transaction goes on with what it wrote before', async (wrong, code) => {
  await ask(one, 'BEGIN')
  await ask(one, 'INSERT INTO ledger VALUES (3, 30)')
  await expect(ask(one, wrong)).rejects.toMatchObject({ code })
  await ask(one, 'INSERT INTO ledger VALUES (4, 40)')
  expect(await amounts(one)).toEqual(['10', '20', '30', '40'])
  await ask(one, 'COMMIT')
  expect(await amounts(two)).toEqual(['10', '20', '30', '40'])
})

test('a rollback takes back temporary tables’ rows too, also those written before a lock was taken', async () => {
  await ask(one, 'CREATE TEMPORARY TABLE mine (a INT)')
  await ask(one, 'BEGIN')
  await ask(one, 'INSERT INTO mine VALUES (1)')
  await ask(two, 'UPDATE ledger SET amount = 0')
  await ask(one, 'UPDATE ledger SET amount = amount + 1')
  expect(await amounts(one)).toEqual(['1', '1'])
  expect((await ask(one, 'SELECT COUNT(*) FROM mine')).rows).toEqual([['1']])
  await ask(one, 'ROLLBACK')
  expect(await amounts(one)).toEqual(['0', '0'])
  expect((await ask(one, 'SELECT COUNT(*) FROM mine')).rows).toEqual([['0']])
})

test('without autocommit the first write opens a transaction, and turning it on again commits', async () => {
  await ask(one, 'ALTER SESSION SET AUTOCOMMIT = FALSE')
  expect(await transactionOf(one)).toBeNull()
  await ask(one, 'DELETE FROM ledger WHERE id = 1')
  expect(await transactionOf(one)).not.toBeNull()
  expect(await amounts(two)).toEqual(['10', '20'])
  await ask(one, 'ROLLBACK')
  await ask(one, 'DELETE FROM ledger WHERE id = 2')
  await ask(one, 'ALTER SESSION UNSET AUTOCOMMIT')
  expect(await amounts(two)).toEqual(['10'])
})

test('an object made or dropped commits what was written before', async () => {
  await ask(one, 'BEGIN')
  await ask(one, 'DELETE FROM ledger WHERE id = 1')
  await ask(one, 'CREATE TEMPORARY TABLE other (a INT)')
  expect(await transactionOf(one)).toBeNull()
  expect(await amounts(two)).toEqual(['20'])
})

test('a session that ends rolls back and lets others write', async () => {
  await ask(one, 'BEGIN')
  await ask(one, 'DELETE FROM ledger')
  const waiting = ask(two, 'UPDATE ledger SET amount = amount + 1')
  await one.close()
  await waiting
  expect(await amounts(two)).toEqual(['11', '21'])
})

test('a transaction writes to one database', async () => {
  await ask(one, 'BEGIN')
  await ask(one, 'DELETE FROM ledger WHERE id = 1')
  await expect(ask(one, 'DELETE FROM STAGING_DB.STAGING.INVENTORY_FEED')).rejects.toMatchObject({ code: '000002' })
  await ask(one, 'COMMIT')
  expect(await amounts(two)).toEqual(['20'])
})

test.each([false, true])(
  'many rows bound to a statement are written together or not at all (in a transaction: %s)',
  async (open) => {
    const insert = async (values: string[]): Promise<unknown> =>
      await one.execute('INSERT INTO ledger VALUES (?, 5)', {
        queryId: 'q',
        binds: [{ type: 'TEXT', value: values }],
        signal: new AbortController().signal,
        describeOnly: false,
      })
    if (open) await ask(one, 'BEGIN')
    if (open) await ask(one, 'INSERT INTO ledger VALUES (3, 30)')
    await expect(insert(['7', '8', 'nine'])).rejects.toMatchObject({ code: '100038' })
    expect(await amounts(one)).toEqual(open ? ['10', '20', '30'] : ['10', '20'])
    await insert(['7', '8'])
    if (open) await ask(one, 'COMMIT')
    expect(await amounts(two)).toEqual(open ? ['10', '20', '30', '5', '5'] : ['10', '20', '5', '5'])
  },
)

test('INSERT OVERWRITE keeps the old rows where the new ones cannot be had', async () => {
  await expect(ask(one, "INSERT OVERWRITE INTO ledger SELECT 1, 'x'::NUMBER")).rejects.toMatchObject({ code: '100038' })
  expect(await amounts(one)).toEqual(['10', '20'])
  await ask(one, 'INSERT OVERWRITE INTO ledger SELECT 1, 99')
  expect(await amounts(two)).toEqual(['99'])
})

test('twenty sessions that write to the same row lose nothing', async () => {
  const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(engine)))
  const outcomes = await Promise.all(
    sessions.flatMap((session, index) => {
      const add = 'UPDATE ledger SET amount = amount + 1 WHERE id = 1'
      const statements = index % 2 === 0 ? [add, add] : ['BEGIN', add, 'SELECT 1/0', add, 'COMMIT']
      return statements.map((sql) => ask(session, sql).catch((error: { code?: string }) => error.code))
    }),
  )
  expect(outcomes.filter((outcome) => typeof outcome === 'string')).toEqual(Array.from({ length: 10 }, () => '100051'))
  expect(await amounts(one)).toEqual(['50', '20'])
  await Promise.all(sessions.map((session) => session.close()))
})
