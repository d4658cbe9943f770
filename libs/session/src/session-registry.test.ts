import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { SessionRegistry, type SessionEnd, type SessionOwner, type SessionRegistryOptions } from './index.ts'

const owner: SessionOwner = { id: 'key:one', weight: 1, isShared: false }
const other: SessionOwner = { id: 'key:other', weight: 1, isShared: false }
const facts = { owner, clientType: 'claude_code' } as const

/** An owner that counts as `owner`. */
function ownerWith(id: string): SessionOwner {
  return { id, account: owner.id, weight: 1, isShared: false }
}

function setUp(options: Partial<SessionRegistryOptions> = {}) {
  const clock = new FakeClock()
  const ended: [string, SessionEnd][] = []
  let count = 0
  const registry = new SessionRegistry({
    clock,
    idleTtlMs: 1000,
    maxSessions: 3,
    maxSessionsPerOwner: 3,
    newId: () => `s${++count}`,
    onEnd: (session, end) => ended.push([session.id, end]),
    ...options,
  })
  return { clock, ended, registry }
}

test('a client finds its session again', () => {
  const { registry } = setUp()
  const session = registry.open(facts)
  expect(registry.require(session.id, owner)).toBe(session)
  expect(registry.has(session.id)).toBe(true)
})

test('session ids are hard to guess unless told otherwise', () => {
  const registry = new SessionRegistry({ clock: new FakeClock(), idleTtlMs: 1000, maxSessions: 3, maxSessionsPerOwner: 3 })
  expect(registry.open(facts).id).toMatch(/^[\da-f-]{36}$/)
  registry.close()
})

test('an unknown session is refused with a way to mend it', () => {
  const { registry } = setUp()
  expect(() => registry.require('nobody', owner)).toThrow(
    expect.objectContaining({ code: 'SESSION_UNKNOWN', hint: expect.stringContaining('initialize') as string }),
  )
})

test('a client that goes quiet loses its session, one that speaks keeps it', async () => {
  const { clock, ended, registry } = setUp()
  registry.open(facts)
  const lively = registry.open(facts)
  await clock.advance(700)
  registry.require(lively.id, owner)
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
  registry.require(first.id, owner)
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
  registry.startRequest(registry.require('s3', owner))
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
  registry.open({ ...facts, clientType: 'cursor' })
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

test('the session of another is as unknown as one that never was, and the attempt is counted', () => {
  const { registry } = setUp()
  const session = registry.open(facts)
  for (const id of [session.id, 'nobody'])
    expect(() => registry.require(id, other)).toThrow(expect.objectContaining({ code: 'SESSION_UNKNOWN' }))
  expect(registry.stats().foreignTotal).toBe(1)
  expect(registry.require(session.id, owner)).toBe(session)
})

test('who opens too many ends its own longest still, and nobody else’s', async () => {
  const { clock, ended, registry } = setUp({ maxSessions: 10, maxSessionsPerOwner: 2 })
  registry.open({ ...facts, owner: other })
  const lively = registry.open(facts)
  await clock.advance(10)
  registry.open(facts)
  await clock.advance(10)
  registry.require(lively.id, owner)
  registry.open(facts)
  expect(ended).toEqual([['s3', 'evicted']])
  expect(registry.stats()).toMatchObject({ open: 3, owners: 2 })
})

test('an owner whose sessions are all busy is turned away, others are not', () => {
  const { registry } = setUp({ maxSessions: 10, maxSessionsPerOwner: 1 })
  registry.startRequest(registry.open(facts))
  expect(() => registry.open(facts)).toThrow(expect.objectContaining({ code: 'SESSION_LIMIT_REACHED' }))
  expect(registry.open({ ...facts, owner: other }).state).toBe('idle')
})

test('an owner that stands for many has no bound of its own', () => {
  const { ended, registry } = setUp({ maxSessions: 10, maxSessionsPerOwner: 1 })
  const shared = { id: 'local', weight: 1, isShared: true }
  for (let session = 0; session < 5; session += 1) registry.open({ ...facts, owner: shared })
  expect([registry.stats().open, ended]).toEqual([5, []])
})

test('clients that name no session share one by owner, kind and name, which ends as others do and comes anew', async () => {
  const { clock, ended, registry } = setUp()
  const session = registry.implicit({ ...facts, clientName: 'connector' })
  expect(registry.implicit({ ...facts, clientName: 'connector' })).toBe(session)
  expect(registry.implicit({ ...facts, clientName: 'another' })).not.toBe(session)
  expect(registry.implicit({ ...facts, owner: other, clientName: 'connector' })).not.toBe(session)
  expect(registry.stats()).toMatchObject({ open: 0, implicit: 3, owners: 2 })
  // Nobody was ever told its id.
  expect(() => registry.require(session.id, owner)).toThrow(expect.objectContaining({ code: 'SESSION_UNKNOWN' }))
  await clock.advance(1500)
  expect(ended.map(([, how]) => how)).toEqual(['expired', 'expired', 'expired'])
  expect(registry.implicit({ ...facts, clientName: 'connector' }).id).toBe('s4')
  expect(registry.stats()).toMatchObject({ open: 0, implicit: 1, openByClientType: { claude_code: 0 } })
})

test('clients of a shared owner are told apart by where they come from too', () => {
  const { registry } = setUp()
  const shared = { ...facts, owner: { id: 'local', weight: 1, isShared: true } }
  expect(registry.implicit(shared, '127.0.0.1')).not.toBe(registry.implicit(shared, '127.0.0.2'))
  expect(registry.implicit(facts, '10.0.0.1')).toBe(registry.implicit(facts, '10.0.0.2'))
})

test('bursts of sessions nobody ever ends stay within bounds', () => {
  const { registry } = setUp({ maxSessions: 100, maxSessionsPerOwner: 50 })
  for (let session = 0; session < 5000; session += 1) registry.open({ ...facts, owner: session % 2 === 0 ? owner : other })
  expect(registry.stats()).toMatchObject({ open: 100, openedTotal: 5000, endedTotal: { evicted: 4900 } })
})

test('sessions are listed, the liveliest first, and no more than asked for', async () => {
  const { clock, registry } = setUp()
  const first = registry.open(facts)
  await clock.advance(5)
  registry.open(facts)
  registry.require(first.id, owner)
  expect(registry.list(1)).toEqual([first])
  expect(registry.list(10).map(({ id }) => id)).toEqual(['s1', 's2'])
})

test('owners of one account are counted together, and kept apart', () => {
  const { registry, ended } = setUp({ maxSessions: 100 })
  const sessions = [1, 2, 3, 4].map((token) =>
    registry.open({ owner: ownerWith(`key:one+token:${token}`), clientType: 'claude_code' }),
  )
  expect(ended).toEqual([['s1', 'evicted']])
  expect(new Set(sessions.map(({ client }) => client.principal))).toEqual(new Set([owner.id]))
  expect(sessions[1] && registry.find(sessions[1].id, owner)).toBeUndefined()
  expect(registry.stats()).toMatchObject({ open: 3, owners: 1 })
  for (const { id } of sessions) registry.delete(id)
  expect(registry.stats().owners).toBe(0)
})

test('of what a client says of itself no more is kept than people read', () => {
  const { registry } = setUp()
  const name = 'n'.repeat(1_000_000)
  expect(registry.open({ ...facts, clientName: name, clientVersion: name }).facts).toMatchObject({
    clientName: 'n'.repeat(200),
    clientVersion: 'n'.repeat(200),
  })
  const implicit = registry.implicit({ ...facts, clientName: name })
  expect(implicit.implicitKey?.length).toBeLessThan(300)
  expect(registry.implicit({ ...facts, clientName: name })).toBe(implicit)
})

test('no name makes the implicit session of one owner that of another', () => {
  const { registry } = setUp()
  const first = registry.implicit({ ...facts, owner: ownerWith('oauth:i#alice'), clientName: 'claude_code\nx' })
  const mallory = ownerWith('oauth:i#alice\nclaude_code')
  expect(registry.implicit({ ...facts, owner: mallory, clientName: 'x' })).not.toBe(first)
})
