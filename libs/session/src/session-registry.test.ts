import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { SessionRegistry, type SessionEnd, type SessionRegistryOptions } from './index.ts'

const facts = { clientType: 'claude_code' } as const

function setUp(options: Partial<SessionRegistryOptions> = {}) {
  const clock = new FakeClock()
  const ended: [string, SessionEnd][] = []
  let count = 0
  const registry = new SessionRegistry({
    clock,
    idleTtlMs: 1000,
    maxSessions: 3,
    newId: () => `s${++count}`,
    onEnd: (session, end) => ended.push([session.id, end]),
    ...options,
  })
  return { clock, ended, registry }
}

test('a client finds its session again', () => {
  const { registry } = setUp()
  const session = registry.open(facts)
  expect(registry.require(session.id)).toBe(session)
  expect(registry.has(session.id)).toBe(true)
})

test('session ids are hard to guess unless told otherwise', () => {
  const registry = new SessionRegistry({ clock: new FakeClock(), idleTtlMs: 1000, maxSessions: 3 })
  expect(registry.open(facts).id).toMatch(/^[\da-f-]{36}$/)
  registry.close()
})

test('an unknown session is refused with a way to mend it', () => {
  const { registry } = setUp()
  expect(() => registry.require('nobody')).toThrow(
    expect.objectContaining({ code: 'SESSION_UNKNOWN', hint: expect.stringContaining('initialize') as string }),
  )
})

test('a client that goes quiet loses its session, one that speaks keeps it', async () => {
  const { clock, ended, registry } = setUp()
  registry.open(facts)
  const lively = registry.open(facts)
  await clock.advance(700)
  registry.require(lively.id)
  await clock.advance(600)
  expect(ended).toEqual([['s1', 'expired']])
  expect(registry.has(lively.id)).toBe(true)
  await clock.advance(1000)
  expect(registry.stats().open).toBe(0)
  expect(clock.pendingCount).toBe(0)
})

test('a slow request or an open stream keeps a session from expiring', async () => {
  const { clock, ended, registry } = setUp()
  const slow = registry.open(facts)
  const streaming = registry.open(facts)
  const finish = registry.startRequest(slow)
  const closeStream = registry.openStream(streaming, () => undefined)
  expect([slow.state, streaming.state]).toEqual(['active', 'streaming'])
  await clock.advance(5000)
  expect(ended).toEqual([])
  finish(true)
  closeStream()
  expect([slow.state, streaming.state]).toEqual(['idle', 'idle'])
  await clock.advance(1250)
  expect(ended).toEqual([
    ['s1', 'expired'],
    ['s2', 'expired'],
  ])
  expect(slow.state).toBe('ended')
})

test('at the cap the longest still session makes room', async () => {
  const { clock, ended, registry } = setUp()
  const first = registry.open(facts)
  registry.open(facts)
  registry.open(facts)
  await clock.advance(10)
  registry.require(first.id)
  registry.open(facts)
  expect(ended).toEqual([['s2', 'evicted']])
})

test('a session with a request in flight is never evicted', () => {
  const { ended, registry } = setUp({ maxSessions: 2 })
  const busy = registry.open(facts)
  const finish = registry.startRequest(busy)
  registry.open(facts)
  registry.open(facts)
  expect(ended).toEqual([['s2', 'evicted']])
  registry.startRequest(registry.require('s3'))
  expect(() => registry.open(facts)).toThrow(expect.objectContaining({ code: 'SESSION_LIMIT_REACHED' }))
  finish(true)
  expect(registry.open(facts).id).toBe('s4')
})

test('a session can be ended once', () => {
  const { ended, registry } = setUp()
  const session = registry.open(facts)
  expect([registry.delete(session.id), registry.delete(session.id)]).toEqual([true, false])
  expect(ended).toEqual([['s1', 'deleted']])
})

test('a reply that outlives its session brings it not back', () => {
  const { registry } = setUp()
  const session = registry.open(facts)
  const finish = registry.startRequest(session)
  const closeStream = registry.openStream(session, () => undefined)
  registry.delete(session.id)
  finish(false)
  closeStream()
  expect(registry.has(session.id)).toBe(false)
})

test('the end of a session closes its stream', () => {
  const { registry } = setUp()
  const session = registry.open(facts)
  const closed: string[] = []
  const forget = registry.openStream(session, () => closed.push('gone'))
  registry.openStream(session, () => closed.push('open'))
  expect(session.hasStream).toBe(true)
  forget()
  registry.delete(session.id)
  expect(closed).toEqual(['open'])
})

test('numbers add up per session and over all', async () => {
  const { clock, registry } = setUp()
  const session = registry.open(facts)
  registry.open({ clientType: 'cursor' })
  const finishFirst = registry.startRequest(session)
  await clock.advance(10)
  finishFirst(true)
  const finishSecond = registry.startRequest(session)
  await clock.advance(30)
  finishSecond(false)
  registry.startRequest(session)
  expect(session.stats()).toEqual({ totalRequests: 3, failedRequests: 1, activeRequests: 1, meanResponseMs: 20 })
  registry.delete('s2')
  expect(registry.stats()).toMatchObject({
    open: 1,
    active: 1,
    streaming: 0,
    idle: 0,
    openByClientType: { claude_code: 1, cursor: 0 },
    openedTotal: 2,
    endedTotal: { deleted: 1, expired: 0 },
    requestsTotal: 2,
    failedRequestsTotal: 1,
  })
})

test('a session that did nothing yet has no mean', () => {
  const { registry } = setUp()
  expect(registry.open(facts).stats().meanResponseMs).toBe(0)
})

test('closing ends every session and leaves no timer', () => {
  const { clock, ended, registry } = setUp()
  registry.open(facts)
  registry.open(facts)
  registry.close()
  expect(ended).toEqual([
    ['s1', 'shutdown'],
    ['s2', 'shutdown'],
  ])
  expect(clock.pendingCount).toBe(0)
})
