import { FakeClock, sleep } from '@squall/time'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { PartitionedPool, type Lease, type Partition, type PoolOptions } from './index.ts'
import { ScriptedSessions, type ScriptedSession } from './test/scripted-sessions.ts'

const patient: PoolOptions = {
  min: 0,
  max: 4,
  acquireTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  maxLifetimeMs: Infinity,
  maxWaiting: 100,
  validateAfterIdleMs: Infinity,
  openingJitterMs: 0,
}

interface World {
  readonly clock: FakeClock
  readonly pool: PartitionedPool<ScriptedSession>
  readonly sessions: ReadonlyMap<string, ScriptedSessions>
  readonly partition: (key: string) => Partition<ScriptedSession>
  readonly acquire: (key: string) => Promise<Lease<ScriptedSession>>
  readonly open: () => number
}

function world(options: Partial<PoolOptions> = {}): World {
  const clock = new FakeClock()
  const pool = new PartitionedPool<ScriptedSession>({ ...patient, ...options }, clock)
  const sessions = new Map<string, ScriptedSessions>()
  onTestFinished(() => expect([...sessions.values()].flatMap(({ misuse }) => misuse)).toEqual([]))
  const partition = (key: string): Partition<ScriptedSession> => {
    const resources = sessions.get(key) ?? new ScriptedSessions()
    sessions.set(key, resources)
    return { key, resources: bound(resources) }
  }
  const open = (): number => [...sessions.values()].reduce((sum, { open }) => sum + open.length, 0)
  return { clock, pool, sessions, partition, acquire: (key) => pool.acquire(partition(key)), open }
}

/** Its methods without the object they belong to, as the pool takes them. */
function bound(sessions: ScriptedSessions): Partition<ScriptedSession>['resources'] {
  return {
    create: (signal) => sessions.create(signal),
    destroy: (session) => sessions.destroy(session),
    validate: (session) => sessions.validate(session),
    clean: (session) => sessions.clean(session),
  }
}

const settle = async (clock: FakeClock): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await clock.advance(0)
}

test('no partition ever gets a session of another', async () => {
  const { acquire, sessions } = world()
  const first = await acquire('alice')
  await first.release()
  const second = await acquire('bob')
  expect(sessions.get('bob')?.opened).toContain(second.resource)
  expect(sessions.get('alice')?.opened).not.toContain(second.resource)
})

test('where all places are taken by idle sessions of others, one of them makes room, the longest idle first', async () => {
  const { acquire, sessions, clock, pool } = world({ max: 2 })
  const [older, newer] = [await acquire('alice'), await acquire('alice')]
  await older.release()
  await newer.release()
  const bob = await acquire('bob')
  await settle(clock)
  expect(sessions.get('alice')?.opened.map(({ closed }) => closed)).toEqual([true, false])
  expect(pool.stats()).toMatchObject({ size: 2, leased: 1, max: 2 })
  await bob.release()
})

test('a partition that holds everything gives what comes back to those who have nothing', async () => {
  const { acquire, clock, open } = world({ max: 4 })
  const alices = await Promise.all(['alice', 'alice', 'alice', 'alice'].map(acquire))
  // Alice would use more herself.
  const more = [acquire('alice'), acquire('alice')]
  const bobs = [acquire('bob'), acquire('bob'), acquire('bob')]
  for (const lease of alices) await lease.release()
  await settle(clock)
  expect(open()).toBeLessThanOrEqual(4)
  // Each has half: nothing goes to and fro any more.
  await Promise.all([...more, bobs[0], bobs[1]])
  const third = bobs[2]
  for (const lease of await Promise.all(bobs.slice(0, 2))) await lease.release()
  await third
})

test('more partitions than places all get their turn', async () => {
  const { acquire, clock } = world({ max: 2, acquireTimeoutMs: 60_000 })
  const served = new Map<string, number>()
  const work = async (key: string): Promise<void> => {
    for (let round = 0; round < 10; round += 1) {
      const lease = await acquire(key)
      await sleep(clock, 10)
      await lease.release()
      served.set(key, (served.get(key) ?? 0) + 1)
    }
  }
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].flatMap((key) => [work(key), work(key)]))
  for (let turn = 0; turn < 400; turn += 1) await clock.advance(5)
  await all
  expect([...served.values()]).toEqual([20, 20, 20, 20, 20])
})

test('who gives up waiting opens nothing afterwards', async () => {
  const { acquire, clock, sessions, partition, pool } = world({ max: 1 })
  const alice = await acquire('alice')
  const abort = new AbortController()
  const bob = pool.acquire(partition('bob'), { signal: abort.signal }).catch((error: unknown) => error)
  await settle(clock)
  abort.abort(new Error('left'))
  expect(await bob).toMatchObject({ message: 'left' })
  await alice.release()
  await settle(clock)
  expect(sessions.get('bob')?.attempts).toBe(0)
  // And it is no failure that would slow down the next attempt.
  const again = await acquire('bob')
  await again.release()
})

test('partitions nobody uses are dropped, and what they did stays counted', async () => {
  const { acquire, clock, pool, partition } = world({ idleTimeoutMs: 60_000 })
  pool.open({ ...partition('own'), min: 1 })
  for (let user = 0; user < 20; user += 1) await (await acquire(`user ${user}`)).release()
  expect(pool.size).toBe(21)
  for (let minute = 0; minute < 4; minute += 1) await clock.advance(60_000)
  expect(pool.size).toBe(1)
  expect(pool.stats()).toMatchObject({ size: 1, acquired: 20, min: 0, max: 4 })
})

test('what cannot be opened in one partition does not hold up another, and frees its place', async () => {
  const { acquire, sessions, partition } = world({ max: 1 })
  partition('alice')
  Object.assign(sessions.get('alice') ?? {}, { onCreate: () => Promise.reject(new Error('wrong password')) })
  await expect(acquire('alice')).rejects.toThrow('wrong password')
  await (await acquire('bob')).release()
})

test('callers that are made up by the thousand leave nothing behind', async () => {
  const { pool, clock } = world()
  const resources = { ...bound(new ScriptedSessions()), create: () => Promise.reject(new Error('wrong token')) }
  for (let user = 0; user < 1000; user += 1)
    await expect(pool.acquire({ key: `made up ${user}`, resources })).rejects.toThrow('wrong token')
  expect(pool.size).toBeLessThanOrEqual(65)
  expect(clock.pendingCount).toBeLessThan(100)
  expect(pool.stats().createFailures).toBe(1000)
})

test('draining closes every partition', async () => {
  const { acquire, pool, clock, open } = world()
  await (await acquire('alice')).release()
  await acquire('bob')
  const drained = pool.drain(1_000)
  await clock.advance(2_000)
  await drained
  expect(open()).toBe(0)
  await expect(acquire('alice')).rejects.toMatchObject({ code: 'POOL_DRAINING' })
  expect(clock.pendingCount).toBe(0)
})

const happening = fc.record({
  do: fc.constantFrom('acquire', 'acquire', 'acquire', 'release', 'release', 'discard', 'soil', 'abort', 'wait', 'wait'),
  key: fc.constantFrom('a', 'b', 'c'),
  which: fc.nat(),
})

test('whatever happens: never more sessions than places, none of another partition, none lost, nobody waits for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 120, size: 'max' }), async (happenings) => {
      const scene = world({ max: 2, acquireTimeoutMs: 200, idleTimeoutMs: 100 })
      const leases: { readonly key: string; readonly lease: Lease<ScriptedSession> }[] = []
      const aborts: AbortController[] = []
      const ends: Promise<unknown>[] = []
      for (const { do: what, key, which } of happenings) {
        const held = leases[which % leases.length]
        if (what === 'acquire') {
          const abort = new AbortController()
          aborts.push(abort)
          const end = scene.pool.acquire(scene.partition(key), { signal: abort.signal }).then(
            (lease) => leases.push({ key, lease }),
            () => undefined,
          )
          ends.push(end)
        } else if (what === 'abort') aborts[which % aborts.length]?.abort(new Error('abort'))
        else if (what === 'wait') await scene.clock.advance(which % 60)
        else if (held && what === 'soil') held.lease.resource.dirt = 'stubborn'
        else if (held) {
          leases.splice(leases.indexOf(held), 1)
          ends.push(what === 'release' ? held.lease.release() : held.lease.discard())
        }
        expect(scene.open()).toBeLessThanOrEqual(2)
        for (const { key, lease } of leases) expect(scene.sessions.get(key)?.open).toContain(lease.resource)
      }
      for (const { lease } of leases.splice(0)) ends.push(lease.release())
      // Everybody is served or has waited too long.
      for (let turn = 0; turn < 10; turn += 1) {
        await scene.clock.advance(100)
        for (const { lease } of leases.splice(0)) ends.push(lease.release())
      }
      await Promise.all(ends)
      expect(scene.pool.stats()).toMatchObject({ waiting: 0, leased: 0 })
      const drained = scene.pool.drain(100)
      await scene.clock.advance(200)
      await drained
      expect(scene.open()).toBe(0)
    }),
    { numRuns: 200 },
  )
}, 60_000)
