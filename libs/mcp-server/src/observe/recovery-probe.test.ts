import { CodedError } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { callTool, testCore } from '../test/test-core.ts'
import { RecoveryProbe } from './recovery-probe.ts'

const unreachable = new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE)

function setUp() {
  const clock = new FakeClock()
  const base = scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] }))
  const state = { isDown: true, probes: 0, reached: 0 }
  const connections = {
    ...base,
    async acquire(...options: Parameters<typeof base.acquire>) {
      state.probes += 1
      if (state.isDown) throw unreachable
      return base.acquire(...options)
    },
  }
  const probe = new RecoveryProbe(clock, connections, () => (state.reached += 1))
  return { clock, state, probe, connections }
}

test('after a failure Snowflake is asked every five seconds until it answers, and no longer', async () => {
  const { clock, state, probe } = setUp()
  probe.note(false)
  probe.note(false)
  await clock.advance(20_000)
  expect(state).toMatchObject({ probes: 4, reached: 0 })
  state.isDown = false
  await clock.advance(60_000)
  expect(state).toMatchObject({ probes: 5, reached: 1 })
  expect(clock.pendingCount).toBe(0)
})

test('a call that reaches Snowflake ends the asking, and so does a server that stops', async () => {
  const { clock, state, probe } = setUp()
  probe.note(false)
  probe.note(true)
  await clock.advance(60_000)
  probe.note(false)
  probe.stop()
  probe.note(false)
  await clock.advance(60_000)
  expect([state.probes, clock.pendingCount]).toEqual([0, 0])
})

test('a call that was quicker than a probe has the last word', async () => {
  const { clock, state, probe, connections } = setUp()
  const answer = Promise.withResolvers<void>()
  const slow = new RecoveryProbe(
    clock,
    { ...connections, acquire: async () => answer.promise.then(() => Promise.reject(unreachable)) },
    () => (state.reached += 1),
  )
  slow.note(false)
  await clock.advance(5000)
  slow.note(true)
  answer.resolve()
  await clock.advance(60_000)
  expect([state.reached, clock.pendingCount]).toEqual([0, 0])
  probe.stop()
})

test('a server that no call is sent to any more finds out by itself that it is well again', async () => {
  const { clock, state, connections } = setUp()
  const core = testCore(connections, { clock })
  for (let count = 0; count < 3; count += 1) await callTool(core, 'execute_query', { query: 'SELECT 1' })
  expect(core.health.status()).toBe('unhealthy')
  state.isDown = false
  await clock.advance(5000)
  expect(core.health.status()).toBe('healthy')
})
