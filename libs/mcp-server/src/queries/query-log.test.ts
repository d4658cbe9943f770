import { CodedError } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { localPrincipal } from '../access/principal.ts'
import { CallRecord } from '../observe/call-record.ts'
import type { RequestContext } from '../request-context.ts'
import { QueryLog } from './query-log.ts'

function setUp() {
  const clock = new FakeClock()
  const log = new QueryLog({ clock, maxEnded: 2, retentionMs: 1000 })
  const start = (requestId: string, owner = 'ann', canceller = new AbortController()) =>
    log.start(contextOf(requestId, owner), canceller)
  return { clock, log, start }
}

function contextOf(requestId: string, owner: string): RequestContext {
  const principal = { ...localPrincipal, id: owner }
  const caller = { transport: 'stdio', clientType: 'unknown', principal } as const
  const { signal } = new AbortController()
  return { requestId, tool: 'execute_query', arguments: {}, caller, startedMs: 0, signal, record: new CallRecord() }
}

test('a query is known from before its session until some time after its end, to its owner alone', async () => {
  const { clock, log, start } = setUp()
  const query = start('r1')
  expect(log.find('ann', 'r1')?.record()).toMatchObject({ state: 'waiting', requestId: 'r1' })
  expect([log.find('bob', 'r1'), log.running('bob')]).toEqual([undefined, []])
  query.gotSession()
  query.ranStatement('q1')
  await clock.advance(50)
  expect(log.find('ann', 'q1')?.record()).toMatchObject({ state: 'running', queryId: 'q1', durationMs: 50 })
  query.leftResult('c')
  query.ended()
  await clock.advance(100)
  expect(log.find('ann', 'r1')?.record()).toMatchObject({ state: 'succeeded', durationMs: 50, cursor: 'c' })
  expect(log.running('ann')).toEqual([])
  await clock.advance(1000)
  expect([log.find('ann', 'r1'), log.find('ann', 'q1')]).toEqual([undefined, undefined])
})

test('so many ended queries are remembered and no more; what runs is never forgotten', () => {
  const { log, start } = setUp()
  const running = start('running')
  for (const id of ['a', 'b', 'c']) start(id).ended()
  expect(['a', 'b', 'c', 'running'].map((id) => log.find('ann', id)?.requestId)).toEqual([undefined, 'b', 'c', 'running'])
  expect(log.running('ann')).toEqual([running])
})

test('a statement read on by another call stays the first call’s', () => {
  const { log, start } = setUp()
  const first = start('first')
  first.ranStatement('q')
  first.ended()
  const second = start('second')
  second.ranStatement('q')
  second.ended()
  expect(log.find('ann', 'q')).toBe(first)
  start('third').ended()
  expect([log.find('ann', 'first'), log.find('ann', 'q')]).toEqual([undefined, undefined])
})

test('a query is cancelled once, and failures keep their words', () => {
  const { start } = setUp()
  const canceller = new AbortController()
  const query = start('r1', 'ann', canceller)
  expect([query.cancel(), canceller.signal.aborted]).toEqual([true, true])
  query.ended(new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED))
  expect([query.cancel(), query.record().state]).toEqual([false, 'cancelled'])
  const wrong = start('r2')
  wrong.ended(new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_FAILED, { message: 'no such table' }))
  expect(wrong.record()).toMatchObject({ state: 'failed', error: 'no such table [SNOWFLAKE_QUERY_FAILED]' })
  const bug = start('r3')
  bug.ended(new Error('secret'))
  expect(bug.record().error).toBe('internal error')
})

test('a call that asks twice is found by its later query', () => {
  const { log, start } = setUp()
  start('r').ended()
  const later = start('r')
  for (const id of ['a', 'b']) start(id).ended()
  expect(log.find('ann', 'r')).toBe(later)
})
