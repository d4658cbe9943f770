import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import type { RequestContext } from '../request-context.ts'
import { failed, type CallOutcome } from '../tool-result.ts'
import { CallRecord } from '../observe/call-record.ts'
import { createConcurrencyLimiter } from './limit-concurrency.ts'

const done: CallOutcome = failed('done')

function setUp(limits = { maxConcurrent: 1, maxQueued: 2, queueTimeoutMs: 1000 }) {
  const clock = new FakeClock()
  const limiter = createConcurrencyLimiter(clock, limits)
  const started: string[] = []
  const finish = new Map<string, () => void>()
  const call = (name: string, signal = new AbortController().signal): Promise<CallOutcome> => {
    const work = (): Promise<CallOutcome> => {
      started.push(name)
      return new Promise((resolve) => finish.set(name, () => resolve(done)))
    }
    return limiter.stage(contextOf(signal), work)
  }
  return { clock, limiter, started, finish: (name: string) => finish.get(name)?.(), call }
}

function contextOf(signal: AbortSignal): RequestContext {
  const caller = { transport: 'stdio', clientType: 'unknown' } as const
  return { requestId: 'r', tool: 't', arguments: {}, caller, startedMs: 0, signal, record: new CallRecord() }
}

test('calls beyond the limit wait and start in the order they came', async () => {
  const { clock, limiter, started, finish, call } = setUp()
  const calls = ['a', 'b', 'c'].map((name) => call(name))
  await clock.advance(0)
  expect([started, limiter.running(), limiter.queued()]).toEqual([['a'], 1, 2])
  finish('a')
  await clock.advance(0)
  expect(started).toEqual(['a', 'b'])
  finish('b')
  await clock.advance(0)
  finish('c')
  expect(await Promise.all(calls)).toEqual([done, done, done])
  expect([limiter.running(), limiter.queued(), clock.pendingCount]).toEqual([0, 0, 0])
})

test('a call that finds the queue full is turned away at once, with a time to come again', async () => {
  const { call, clock } = setUp()
  void ['a', 'b', 'c'].map((name) => call(name))
  await clock.advance(0)
  expect(await call('d')).toMatchObject({ kind: 'refused', status: 429, retryAfterMs: 1000, error: { code: 'MCP_OVERLOADED' } })
})

test('a call that waited too long is turned away, and the place it left is free', async () => {
  const { call, clock, finish, limiter, started } = setUp()
  const first = call('a')
  const second = call('b')
  await clock.advance(1000)
  expect(await second).toMatchObject({ kind: 'refused', status: 429, error: { code: 'MCP_QUEUE_TIMEOUT' } })
  finish('a')
  await first
  void call('c')
  await clock.advance(0)
  expect([started, limiter.queued()]).toEqual([['a', 'c'], 0])
})

test('a caller that leaves while it waits leaves nothing behind', async () => {
  const { call, clock, limiter } = setUp()
  const leave = new AbortController()
  void call('a')
  const waiting = call('b', leave.signal)
  await clock.advance(0)
  leave.abort()
  expect(await waiting).toEqual({ kind: 'cancelled' })
  expect([limiter.queued(), clock.pendingCount]).toEqual([0, 0])
  expect(await call('c', AbortSignal.abort())).toEqual({ kind: 'cancelled' })
})

test('a call that throws frees its place', async () => {
  const { limiter } = setUp()
  await expect(limiter.stage(contextOf(new AbortController().signal), () => Promise.reject(new Error('bug')))).rejects.toThrow(
    'bug',
  )
  expect(limiter.running()).toBe(0)
})
