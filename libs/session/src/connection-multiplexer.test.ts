import { SessionPool } from '@squall/pool'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { ConnectionMultiplexer } from './connection-multiplexer.ts'
import type { FairClient, FairLimits } from './fair-queue.ts'

interface Connection {
  readonly name: string
}

const poolOptions = {
  min: 0,
  max: 4,
  acquireTimeoutMs: 1000,
  idleTimeoutMs: Infinity,
  maxLifetimeMs: Infinity,
  maxWaiting: 10,
  validateAfterIdleMs: Infinity,
}

const client = (principal: string): FairClient => ({ id: 'only', principal, weight: 1, isShared: false })
const [heavy, light] = [client('heavy'), client('light')]

/** A multiplexer over a real pool of four, three of them for one client at most. */
function setUp(limits: Partial<FairLimits> = {}) {
  const clock = new FakeClock()
  let opened = 0
  const pool = new SessionPool<Connection>(
    {
      create: async () => ({ name: `c${(opened += 1)}` }),
      destroy: async () => undefined,
      validate: async () => true,
      clean: async () => true,
    },
    poolOptions,
    clock,
  )
  const bounds: FairLimits = {
    running: 4,
    runningPerPrincipal: 3,
    runningPerClient: 3,
    waiting: 100,
    waitingPerPrincipal: 80,
    waitingPerClient: 80,
    ...limits,
  }
  const multiplexer = new ConnectionMultiplexer<Connection>({
    clock,
    limits: () => bounds,
    acquire: (options) => pool.acquire(options),
  })
  const acquire = (who: FairClient, signal?: AbortSignal) =>
    multiplexer.acquireForRequest(who, { timeoutMs: 1000, ...(signal && { signal }) }, undefined)
  return { clock, pool, multiplexer, acquire }
}

test('a client gets the connection it had last, where that is free', async () => {
  const { acquire, multiplexer } = setUp()
  const [a, b] = [await acquire(heavy), await acquire(light)]
  const names = [a.resource.name, b.resource.name]
  await b.release()
  await a.release()
  // The pool itself would hand out the one that came back last.
  const again = await acquire(light)
  expect(again.resource.name).toBe(names[1])
  expect((await acquire(heavy)).resource.name).toBe(names[0])
  expect(multiplexer.stats()).toMatchObject({ leasesTotal: 4, affinityHitsTotal: 2, running: 2, clients: 2 })
})

test('a client whose last connection is taken or gone gets another', async () => {
  const { acquire } = setUp()
  const mine = await acquire(light)
  await mine.release()
  const taken = await acquire(heavy)
  expect(taken.resource).toBe(mine.resource)
  const other = await acquire(light)
  expect(other.resource).not.toBe(mine.resource)
  await other.discard()
  const fresh = await acquire(light)
  expect([mine.resource, other.resource]).not.toContain(fresh.resource)
})

test('a heavy client cannot take all, and a light one comes in at once', async () => {
  const { acquire, multiplexer, pool } = setUp()
  const held = await Promise.all([acquire(heavy), acquire(heavy), acquire(heavy)])
  const waiting = Array.from({ length: 50 }, () => acquire(heavy))
  expect([multiplexer.waiting, pool.stats().leased]).toEqual([50, 3])
  const lease = await acquire(light)
  await lease.release()
  await held[0]?.release()
  await (await Promise.race(waiting)).release()
  expect(multiplexer.stats().waiting).toBeLessThan(50)
})

test('where all is taken, turns go round among clients', async () => {
  const { acquire } = setUp({ runningPerPrincipal: 4, runningPerClient: 4 })
  const held = await Promise.all(Array.from({ length: 4 }, () => acquire(heavy)))
  const order: string[] = []
  for (let call = 0; call < 10; call += 1) void acquire(heavy).then(() => order.push('heavy'))
  void acquire(light).then(() => order.push('light'))
  for (const lease of held) await lease.release()
  await expect.poll(() => order).toHaveLength(4)
  expect(order.indexOf('light')).toBeLessThanOrEqual(1)
})

test('who waits too long is told so, as the pool would', async () => {
  const { clock, acquire, multiplexer } = setUp({ running: 1 })
  const held = await acquire(heavy)
  const waiting = acquire(light)
  const refused = waiting.catch((error: unknown) => error)
  await clock.advance(1000)
  expect(await refused).toMatchObject({
    code: 'POOL_WAIT_TIMEOUT',
    message: expect.stringContaining('1 in use') as string,
  })
  await held.release()
  expect(multiplexer.stats()).toMatchObject({ running: 0, waiting: 0, timeoutsTotal: 1 })
})

test('who finds too many waiting is turned away, who leaves is let go', async () => {
  const { acquire, multiplexer } = setUp({ running: 1, waiting: 2, waitingPerClient: 1 })
  await acquire(heavy)
  const leave = new AbortController()
  const waiting = acquire(heavy, leave.signal)
  await expect(acquire(heavy)).rejects.toMatchObject({
    code: 'POOL_QUEUE_FULL',
    message: expect.stringContaining('the client has') as string,
  })
  void acquire(light).catch(() => undefined)
  await expect(acquire(client('third'))).rejects.toMatchObject({
    code: 'POOL_QUEUE_FULL',
    message: '2 calls wait for a connection already',
  })
  leave.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  expect(multiplexer.stats()).toMatchObject({ waiting: 1, abortsTotal: 1, fullTotal: 2 })
})

test('a pool that fails leaves no lease behind', async () => {
  const { acquire, multiplexer, pool } = setUp()
  await pool.drain(0)
  await expect(acquire(light)).rejects.toMatchObject({ code: 'POOL_DRAINING' })
  expect(multiplexer.stats()).toMatchObject({ running: 0, leasesTotal: 0 })
})

test('giving back twice gives back once', async () => {
  const { acquire, multiplexer, pool } = setUp()
  const lease = await acquire(light)
  await Promise.all([lease.release(), lease.release(), lease.discard(), lease[Symbol.asyncDispose]()])
  expect([multiplexer.stats().running, pool.stats()]).toMatchObject([0, { leased: 0, cleaned: 1, discarded: 0 }])
})

test('which connection a client had last is remembered of so many clients only', async () => {
  const { acquire, multiplexer } = setUp()
  await (await acquire(light)).release()
  for (let n = 0; n < 1000; n += 1) await (await acquire(client(`c${n}`))).release()
  await (await acquire(light)).release()
  expect(multiplexer.stats().affinityHitsTotal).toBe(0)
})
