import { FakeClock, sleep } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import { SessionPool, type Leak, type Lease, type PoolOptions, type PoolSurroundings } from './index.ts'
import { ScriptedSessions, type ScriptedSession } from './test/scripted-sessions.ts'

interface World {
  readonly clock: FakeClock
  readonly sessions: ScriptedSessions
  readonly pool: SessionPool<ScriptedSession>
}

const patient: PoolOptions = {
  min: 0,
  max: 2,
  acquireTimeoutMs: 1_000,
  idleTimeoutMs: Infinity,
  maxLifetimeMs: Infinity,
  maxWaiting: 100,
  validateAfterIdleMs: Infinity,
  openingJitterMs: 0,
}

function world(options: Partial<PoolOptions> = {}, surroundings: PoolSurroundings = {}): World {
  const clock = new FakeClock()
  const sessions = new ScriptedSessions()
  const pool = new SessionPool(sessions, { ...patient, ...options }, clock, surroundings)
  onTestFinished(() => expect(sessions.misuse).toEqual([]))
  return { clock, sessions, pool }
}

const settled = async (clock: FakeClock): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await clock.advance(0)
}

/** What a promise fails with, listened to from now on. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

const code = (expected: string): unknown => expect.objectContaining({ code: expected })

test('a returned session serves the next caller, and only as many are opened as are used at once', async () => {
  const { pool, sessions } = world()
  const first = await pool.acquire()
  await first.release()
  const second = await pool.acquire()
  expect(second.resource).toBe(first.resource)
  const third = await pool.acquire()
  expect(third.resource).not.toBe(second.resource)
  expect(sessions.opened).toHaveLength(2)
  expect(pool.stats()).toMatchObject({ size: 2, leased: 2, available: 0, acquired: 3, created: 2, cleaned: 1 })
})

test('callers are served in the order they came [S4]', async () => {
  const { pool } = world({ max: 1 })
  const served: number[] = []
  const held = await pool.acquire()
  const waiting = [1, 2, 3, 4].map(async (caller) => {
    const lease = await pool.acquire()
    served.push(caller)
    await lease.release()
  })
  expect(pool.stats().waiting).toBe(4)
  await held.release()
  await Promise.all(waiting)
  expect(served).toEqual([1, 2, 3, 4])
})

test('who waits too long is told so, and told how busy it is [S4]', async () => {
  const { pool, clock } = world({ max: 1 })
  const held = await pool.acquire()
  const late = pool.acquire({ timeoutMs: 300 })
  const refusal = failure(late)
  await clock.advance(300)
  expect(await refusal).toMatchObject({
    code: 'POOL_WAIT_TIMEOUT',
    message: 'no connection came free within 300 ms: 1 of 1 in use, 1 waiting',
  })
  expect(pool.stats()).toMatchObject({ acquireTimeouts: 1, waiting: 0 })
  // The session goes to nobody's ghost: it is there for the next one.
  await held.release()
  expect((await pool.acquire()).resource).toBe(held.resource)
})

test('the time one waited counts until the session was there', async () => {
  const { pool, clock } = world({ max: 1 })
  const held = await pool.acquire()
  const next = pool.acquire()
  await clock.advance(250)
  await held.release()
  await next
  expect(pool.stats().waitMs).toEqual({ count: 2, total: 250, max: 250 })
})

test('a caller that aborts leaves the queue at once, with its own reason [S4]', async () => {
  const { pool, clock } = world({ max: 1 })
  const held = await pool.acquire()
  const abort = new AbortController()
  const gone = pool.acquire({ signal: abort.signal })
  const next = pool.acquire()
  abort.abort(new Error('client went away'))
  await expect(gone).rejects.toThrow('client went away')
  await expect(pool.acquire({ signal: abort.signal })).rejects.toThrow('client went away')
  await held.release()
  expect((await next).resource).toBe(held.resource)
  expect(pool.stats()).toMatchObject({ acquireAborts: 1, waiting: 0 })
  await (await next).release()
  await pool.drain(0)
  expect(clock.pendingCount).toBe(0)
})

test('more callers than may wait are turned away at once', async () => {
  const { pool } = world({ max: 1, maxWaiting: 1 })
  const held = await pool.acquire()
  const waits = pool.acquire()
  await expect(pool.acquire()).rejects.toThrow(code('POOL_QUEUE_FULL'))
  expect(pool.stats()).toMatchObject({ queueFull: 1, waiting: 1 })
  await held.release()
  await (await waits).release()
})

test('callers that can be served at once do not count as waiting', async () => {
  const { pool } = world({ max: 2, maxWaiting: 0 })
  const both = [pool.acquire(), pool.acquire()]
  await expect(pool.acquire()).rejects.toThrow(code('POOL_QUEUE_FULL'))
  await Promise.all(both)
})

test('a session that cannot be cleaned is closed, and its place is free', async () => {
  const { pool, sessions } = world({ max: 1 })
  const spoilt = await pool.acquire()
  spoilt.resource.dirt = 'stubborn'
  const next = pool.acquire()
  await spoilt.release()
  expect((await next).resource).not.toBe(spoilt.resource)
  expect(spoilt.resource.closed).toBe(true)
  expect(sessions.open).toHaveLength(1)
  expect(pool.stats()).toMatchObject({ discarded: 1, cleaned: 0, destroyed: 1 })
})

test('a session whose cleaning throws is closed; that closing it fails is counted', async () => {
  const { pool } = world()
  const lease = await pool.acquire()
  lease.resource.alive = false
  await lease.release()
  expect(lease.resource.closed).toBe(true)
  expect(pool.stats()).toMatchObject({ discarded: 1, destroyFailures: 1 })
})

test('a dirty session is clean for its next user', async () => {
  const { pool } = world()
  const lease = await pool.acquire()
  lease.resource.dirt = 'washable'
  await lease.release()
  expect((await pool.acquire()).resource).toMatchObject({ id: lease.resource.id, dirt: 'none' })
})

test('a discarded session never comes back', async () => {
  const { pool } = world()
  const lease = await pool.acquire()
  await lease.discard()
  expect(lease.resource.closed).toBe(true)
  expect((await pool.acquire()).resource.id).not.toBe(lease.resource.id)
})

test('the first way of giving a lease back counts, however often it is given back', async () => {
  const { pool } = world({ max: 1 })
  const lease = await pool.acquire()
  await Promise.all([lease.release(), lease.release(), lease.discard()])
  const next = await pool.acquire()
  await lease.discard()
  await lease.release()
  expect(next.resource.closed).toBe(false)
  expect(pool.stats()).toMatchObject({ leased: 1, available: 0, cleaned: 1, discarded: 0 })
})

test('`await using` gives the lease back', async () => {
  const { pool } = world()
  const use = async (): Promise<Lease<ScriptedSession>> => {
    await using lease = await pool.acquire()
    return lease
  }
  expect((await use()).resource.closed).toBe(false)
  expect(pool.stats()).toMatchObject({ leased: 0, available: 1 })
})

test('a session that lay idle is validated first, and replaced when it died [S4]', async () => {
  const { pool, clock, sessions } = world({ validateAfterIdleMs: 100 })
  const lease = await pool.acquire()
  await lease.release()
  await clock.advance(100)
  await (await pool.acquire()).release()
  expect(sessions.validations).toBe(0)
  await clock.advance(101)
  await (await pool.acquire()).release()
  expect(sessions.validations).toBe(1)
  lease.resource.alive = false
  await clock.advance(101)
  expect((await pool.acquire()).resource.id).not.toBe(lease.resource.id)
  expect(pool.stats()).toMatchObject({ invalid: 1, created: 2 })
})

test('sessions nobody needs are closed down to the minimum, the longest idle first', async () => {
  const { pool, clock, sessions } = world({ min: 1, max: 3, idleTimeoutMs: 1_000 })
  const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()])
  for (const lease of leases) await lease.release()
  await clock.advance(900)
  const [longestIdle, , freshest] = leases
  await clock.advance(1_200)
  expect(sessions.open).toEqual([freshest?.resource])
  expect(longestIdle?.resource.closed).toBe(true)
  expect(pool.stats()).toMatchObject({ size: 1, available: 1, expired: 2 })
})

test('an old session is closed when it is not in use, and the minimum is kept open [S4]', async () => {
  const { pool, clock, sessions } = world({ min: 2, maxLifetimeMs: 5_000 })
  await settled(clock)
  const lease = await pool.acquire()
  await clock.advance(5_100)
  expect(lease.resource.closed).toBe(false)
  await lease.release()
  expect((await pool.acquire()).resource.id).toBeGreaterThan(1)
  await clock.advance(5_100)
  expect(pool.stats().size).toBe(2)
  expect(sessions.opened[0]?.closed).toBe(true)
  expect(sessions.opened[1]?.closed).toBe(true)
})

test('the minimum is open before anybody asks, and after some were lost', async () => {
  const { pool, clock, sessions } = world({ min: 3, max: 5, idleTimeoutMs: 10_000 })
  await settled(clock)
  expect(pool.stats()).toMatchObject({ size: 3, available: 3, leased: 0 })
  await (await pool.acquire()).discard()
  await (await pool.acquire()).discard()
  expect(pool.stats().size).toBe(1)
  await clock.advance(10_000)
  expect(pool.stats()).toMatchObject({ size: 3, available: 3 })
  expect(sessions.opened).toHaveLength(5)
})

test('a failure to open reaches the caller as it is, and the next attempt waits', async () => {
  const { pool, clock, sessions } = world({ max: 1 })
  sessions.onCreate = () => Promise.reject(new Error('wrong password'))
  await expect(pool.acquire()).rejects.toThrow('wrong password')
  expect(sessions.attempts).toBe(1)
  const second = pool.acquire()
  const refusal = failure(second)
  await clock.advance(99)
  expect(sessions.attempts).toBe(1)
  await clock.advance(1)
  expect(await refusal).toMatchObject({ message: 'wrong password' })
  expect(sessions.attempts).toBe(2)
})

test('attempts that fail neither spin nor go on without demand', async () => {
  const { pool, clock, sessions } = world({ max: 4, acquireTimeoutMs: 60_000 })
  sessions.onCreate = () => Promise.reject(new Error('down'))
  const callers = Array.from({ length: 12 }, () => pool.acquire().catch((error: unknown) => error))
  await clock.advance(60_000)
  const ends = await Promise.all(callers)
  expect(ends.filter((end) => (end as Error).message === 'down').length).toBeGreaterThanOrEqual(12)
  const attempts = sessions.attempts
  await clock.advance(600_000)
  expect(sessions.attempts - attempts).toBeLessThanOrEqual(4)
  expect(attempts).toBeLessThanOrEqual(16)
})

test('a caller whose wait ends while opening fails learns why nothing came', async () => {
  const { pool, clock, sessions } = world({ max: 1, acquireTimeoutMs: 50 })
  sessions.onCreate = () => Promise.reject(new Error('down'))
  await expect(pool.acquire()).rejects.toThrow('down')
  const late = pool.acquire()
  const refusal = failure(late)
  await clock.advance(50)
  expect(await refusal).toMatchObject({ code: 'POOL_WAIT_TIMEOUT', cause: { message: 'down' } })
})

test('once opening works again, all who wait are served at once', async () => {
  const { pool, clock, sessions } = world({ max: 4, acquireTimeoutMs: 60_000 })
  let down = true
  sessions.onCreate = () => (down ? Promise.reject(new Error('down')) : Promise.resolve())
  await Promise.all([1, 2, 3, 4].map(() => pool.acquire().catch(() => undefined)))
  down = false
  const waiting = [1, 2, 3, 4].map(() => pool.acquire())
  await clock.advance(5_000)
  const leases = await Promise.all(waiting)
  expect(new Set(leases.map(({ resource }) => resource.id)).size).toBe(4)
  expect(pool.stats().waitMs.max).toBeLessThan(1_800)
})

test('a crowd that comes at once is served by a few sign-ins at a time, each at a moment of its own [S4]', async () => {
  const { pool, clock, sessions } = world({ max: 8, openingAtOnce: 2, openingJitterMs: 100, acquireTimeoutMs: 60_000 })
  let opening = 0
  let most = 0
  const startsMs: number[] = []
  sessions.onCreate = async () => {
    startsMs.push(clock.monotonicMs())
    most = Math.max(most, ++opening)
    await sleep(clock, 50)
    opening -= 1
  }
  const leases = Promise.all(Array.from({ length: 8 }, () => pool.acquire()))
  for (let turn = 0; turn < 100; turn += 1) await clock.advance(10)
  expect(new Set((await leases).map(({ resource }) => resource.id)).size).toBe(8)
  expect(most).toBe(2)
  expect(startsMs[0]).toBe(0)
  expect(new Set(startsMs).size).toBeGreaterThan(4)
})

test('sessions that were opened together do not end together, and none lives longer than it may', async () => {
  const { pool, clock, sessions } = world({ max: 50, min: 50, maxLifetimeMs: 100_000, openingAtOnce: 50, openingJitterMs: 0 })
  await settled(clock)
  const first = sessions.opened.slice(0, 50)
  const closed = (): number => first.filter((session) => session.closed).length
  const bySweep: number[] = []
  for (let second = 0; second < 130; second += 1) {
    await clock.advance(1_000)
    bySweep.push(closed())
  }
  expect(bySweep[88]).toBe(0)
  expect(bySweep.at(-1)).toBe(50)
  expect(pool.stats().expired).toBeGreaterThanOrEqual(50)
})

test('a lease that is held too long is told once, with who holds it [S4]', async () => {
  const leaks: Leak[] = []
  const { pool, clock } = world({ leakAfterMs: 60_000, maxLifetimeMs: 30_000 }, { onLeak: (leak) => leaks.push(leak) })
  const lease = await pool.acquire({ holder: 'request 7' })
  const other = await pool.acquire()
  await clock.advance(30_000)
  await other.release()
  expect(leaks).toEqual([])
  await clock.advance(120_000)
  expect(leaks).toEqual([{ holder: 'request 7', heldMs: expect.any(Number) as number }])
  expect(leaks[0]?.heldMs).toBeGreaterThanOrEqual(60_000)
  expect(pool.stats()).toMatchObject({ leaks: 1, longestHeldMs: 150_000 })
  await lease.release()
  expect(pool.stats()).toMatchObject({ leased: 0, longestHeldMs: 0 })
})

test('a session given back while another is being opened serves the waiter; the new one is kept', async () => {
  const { pool, clock, sessions } = world({ max: 2 })
  const held = await pool.acquire()
  const slow = Promise.withResolvers<void>()
  sessions.onCreate = () => slow.promise
  const next = pool.acquire()
  await settled(clock)
  await held.release()
  expect((await next).resource).toBe(held.resource)
  slow.resolve()
  await settled(clock)
  expect(pool.stats()).toMatchObject({ size: 2, leased: 1, available: 1, waiting: 0 })
})

test('draining turns away who waits and who comes, waits for what is in use, then closes everything [S4]', async () => {
  const { pool, sessions, clock } = world({ max: 1 })
  const held = await pool.acquire()
  const waits = pool.acquire()
  const drained = pool.drain(10_000)
  await expect(waits).rejects.toThrow(code('POOL_DRAINING'))
  await expect(pool.acquire()).rejects.toThrow(code('POOL_DRAINING'))
  expect(held.resource.closed).toBe(false)
  expect(pool.stats().draining).toBe(true)
  await held.release()
  await drained
  await pool.drain(0)
  expect(sessions.open).toEqual([])
  expect(pool.stats()).toMatchObject({ size: 0, leased: 0 })
  expect(clock.pendingCount).toBe(0)
})

test('draining closes what is still in use when its time is over', async () => {
  const { pool, sessions, clock } = world()
  const kept = await pool.acquire()
  const drained = pool.drain(500)
  await clock.advance(500)
  await drained
  expect(sessions.open).toEqual([])
  await kept.release()
  expect(pool.stats()).toMatchObject({ discarded: 1, cleaned: 0, size: 0 })
})

test('draining closes a session that is being cleaned when its time is over', async () => {
  const { pool, sessions, clock } = world()
  const cleaning = Promise.withResolvers<void>()
  sessions.onClean = () => cleaning.promise
  const lease = await pool.acquire()
  const released = lease.release()
  const drained = pool.drain(500)
  await clock.advance(500)
  await drained
  cleaning.resolve()
  await released
  expect(sessions.open).toEqual([])
  expect(pool.stats()).toMatchObject({ destroyed: 1, cleaned: 0 })
})

test('draining does not wait for a session that takes for ever to open; it is closed when it comes', async () => {
  const { pool, sessions, clock } = world({ min: 1 })
  const slow = Promise.withResolvers<void>()
  let heard: AbortSignal | undefined
  const { pool: stuck, sessions: late } = (() => {
    const sessions = new ScriptedSessions()
    sessions.onCreate = (signal) => ((heard = signal), slow.promise)
    return { sessions, pool: new SessionPool(sessions, { ...patient, min: 1 }, clock) }
  })()
  await settled(clock)
  await stuck.drain(0)
  expect(heard?.aborted).toBe(true)
  slow.resolve()
  await settled(clock)
  expect(late.opened).toHaveLength(1)
  expect(late.open).toEqual([])
  await pool.drain(0)
  expect(sessions.open).toEqual([])
})

test('a caller gets the session it prefers where that is idle, and the others stay in their order', async () => {
  const { pool } = world({ max: 4 })
  const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()])
  for (const lease of leases) await lease.release()
  const [first, second, third] = leases.map((lease) => lease.resource)
  const preferred = await pool.acquire({ preferred: first })
  expect(preferred.resource).toBe(first)
  const another = await pool.acquire({ preferred: first })
  expect(another.resource).toBe(third)
  expect((await pool.acquire()).resource).toBe(second)
  expect(pool.stats()).toMatchObject({ size: 3, leased: 3, created: 3 })
})

test('a preference moves nobody forward', async () => {
  const { clock, pool } = world({ max: 1 })
  const held = await pool.acquire()
  const served: string[] = []
  void pool.acquire().then((lease) => (served.push('first'), lease.release()))
  void pool.acquire({ preferred: held.resource }).then((lease) => (served.push('second'), lease.release()))
  await held.release()
  await settled(clock)
  expect(served).toEqual(['first', 'second'])
})
