import { CodedError } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { scriptedSnowflake, type Script } from '../test/scripted-snowflake.ts'
import { createInstruments } from './metrics/instruments.ts'
import { SnowflakeTimes } from './snowflake-times.ts'

const id = (number: number): string => `01b2c3d4-0000-4000-8000-${String(number).padStart(12, '0')}`
const times: Script = () => ({
  columns: ['EXECUTION_TIME', 'QUEUED_TIME'],
  rows: [
    [500, 1200],
    ['250', '0'],
  ],
})

function setUp(script: Script) {
  const clock = new FakeClock()
  const registry = new Registry()
  const snowflake = scriptedSnowflake(script)
  const asked = new SnowflakeTimes({
    clock,
    connections: snowflake,
    intervalMs: 60_000,
    instruments: createInstruments(registry),
  })
  return { clock, snowflake, asked, metrics: () => registry.metrics() }
}

test('what ran since the last time is asked for at once, and counted as queueing and running', async () => {
  const { clock, snowflake, asked, metrics } = setUp(times)
  asked.note(id(1))
  asked.note(id(2))
  asked.note(undefined)
  asked.note("x') OR 1=1 --")
  await clock.advance(60_000)
  expect(snowflake.sql()).toEqual([expect.stringMatching(new RegExp(`WHERE QUERY_ID IN \\('${id(1)}', '${id(2)}'\\)$`))])
  expect(snowflake.returned).toEqual(['released'])
  const text = await metrics()
  for (const line of [
    'mcp_snowflake_execution_seconds_sum 0.75',
    'mcp_snowflake_execution_seconds_count 2',
    'mcp_snowflake_queued_seconds_sum 1.2',
    'mcp_snowflake_queued_seconds_bucket{le="1"} 1',
  ])
    expect(text).toContain(`\n${line}\n`)
  await asked.close()
})

test('a server without calls leaves its warehouse alone', async () => {
  const { clock, snowflake, asked } = setUp(times)
  await clock.advance(600_000)
  expect(snowflake.statements).toEqual([])
  asked.note(id(1))
  await clock.advance(600_000)
  expect(snowflake.statements).toHaveLength(1)
  await asked.close()
  expect(clock.pendingCount).toBe(0)
})

test('of a hundred thousand statements the newest five hundred are asked for', async () => {
  const { clock, snowflake, asked } = setUp(times)
  for (let number = 1; number <= 100_000; number += 1) asked.note(id(number))
  await clock.advance(60_000)
  const asks = snowflake.sql()[0]?.match(/'[\da-f-]{36}'/g) ?? []
  expect([asks.length, asks[0], asks.at(-1)]).toEqual([500, `'${id(99_501)}'`, `'${id(100_000)}'`])
  await asked.close()
})

test('a history that cannot be read is counted, and asked again the next time', async () => {
  let fails = true
  const { clock, asked, metrics } = setUp((...args) =>
    fails ? new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT) : times(...args),
  )
  asked.note(id(1))
  await clock.advance(60_000)
  fails = false
  asked.note(id(2))
  await clock.advance(60_000)
  const text = await metrics()
  expect(text).toContain('mcp_snowflake_history_failures_total 1')
  expect(text).toContain('mcp_snowflake_queued_seconds_count 2')
  await asked.close()
})
