import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEngine, openSession } from '../test/open-engine.ts'
import type { Bind, EngineSession, WarehouseEngine } from './engine.ts'

let engine: WarehouseEngine
let session: EngineSession

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine)
})
afterAll(async () => engine.close())

async function run(sql: string, binds: readonly Bind[]): Promise<unknown> {
  const signal = new AbortController().signal
  const result = await session.execute(sql, { queryId: 'query', binds, signal, describeOnly: false })
  const rows = []
  for (const batch of result.batches()) rows.push(...batch)
  return rows
}

const leapDay = String(Date.parse('2024-02-29') / 86_400_000)
const moment = '1709202030.500000000'

test.each([
  ['FIXED', '12.50', '12.50'],
  ['FIXED', null, null],
  ['REAL', '1e3', '1000'],
  ['REAL', 'inf', 'inf'],
  ['BOOLEAN', 'TRUE', '1'],
  ['BOOLEAN', '0', '0'],
  ['DATE', '1709164800000', leapDay],
  ['DATE', '2024-02-29', leapDay],
  ['DATE', '-86400000', '-1'],
  ['TIME', '45296000000000', '45296.000000000'],
  ['TIME', '12:34:56', '45296.000000000'],
  ['TIMESTAMP_NTZ', '1709202030500000000', moment],
  ['TIMESTAMP_NTZ', '1709202030500', moment],
  ['TIMESTAMP_NTZ', '2024-02-29 10:20:30.5', moment],
  ['TIMESTAMP_LTZ', '1709202030500', moment],
  ['TIMESTAMP_TZ', '1709202030500000000 1560', moment],
  ['BINARY', 'CAFE', 'CAFE'],
  ['VARIANT', '{"a":1}', '{"a":1}'],
  ['TEXT', "it's", "it's"],
  ['SOMETHING_NEW', 'x', 'x'],
])('a bind of type %s with the text %s is the value %s', async (type, value, cell) => {
  expect(await run('SELECT ?', [{ type, value }])).toEqual([[cell]])
})

test('a number that is none, and a column of binds shorter than the others, are refused', async () => {
  await expect(run('SELECT ?', [{ type: 'FIXED', value: '1; DROP' }])).rejects.toMatchObject({ code: '100038' })
  await run('CREATE TEMPORARY TABLE pairs (a INT, b INT)', [])
  const uneven = [
    { type: 'FIXED', value: ['1', '2'] },
    { type: 'FIXED', value: ['1'] },
  ]
  await expect(run('INSERT INTO pairs VALUES (?, ?)', uneven)).rejects.toMatchObject({ code: '002049' })
})
