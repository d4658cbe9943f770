import { FakeClock, seededRandom, sleep } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SessionPool, type Lease, type PoolOptions, type PoolStats } from './index.ts'
import { ScriptedSessions, type ScriptedSession } from './test/scripted-sessions.ts'

const max = 3
const options: PoolOptions = {
  min: 1,
  max,
  acquireTimeoutMs: 40,
  idleTimeoutMs: 60,
  maxLifetimeMs: 150,
  maxWaiting: 4,
  validateAfterIdleMs: 10,
  openingAtOnce: 2,
  openingJitterMs: 5,
}

/** What can happen to a pool from outside; numbers choose among what is there. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('acquire' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('release', 'discard', 'spoil', 'soil', 'abort', 'kill'), which: fc.nat() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), durationMs: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage' as const), isDown: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('latency' as const), openMs: fc.nat(20), cleanMs: fc.nat(8) }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never

interface Caller {
  readonly number: number
  readonly abort: AbortController
}

/** A pool among callers who do as the happenings say, and check on every turn what must always hold. */
class Scene {
  readonly clock = new FakeClock()
  readonly sessions = new ScriptedSessions()
  readonly pool: SessionPool<ScriptedSession>
  readonly leases: Lease<ScriptedSession>[] = []
  readonly waiting: Caller[] = []
  readonly ends: Promise<void>[] = []
  readonly violations: string[] = []
  #callers = 0
  #lastServed = 0
  #isDown = false
  #openMs = 3
  #cleanMs = 1

  constructor() {
    this.sessions.onCreate = async (signal) => {
      await sleep(this.clock, this.#openMs, signal)
      if (this.#isDown) throw new Error('outage')
    }
    this.sessions.onClean = () => sleep(this.clock, this.#cleanMs)
    this.pool = new SessionPool(this.sessions, options, this.clock, { random: seededRandom(1) })
  }

  async happens(event: Happening): Promise<void> {
    if (event.do === 'acquire') this.ends.push(this.#call())
    else if (event.do === 'wait') await this.clock.advance(event.durationMs)
    else if (event.do === 'outage') this.#isDown = event.isDown
    else if (event.do === 'latency') [this.#openMs, this.#cleanMs] = [event.openMs, event.cleanMs]
    else if (event.do === 'abort') this.waiting[event.which % this.waiting.length]?.abort.abort(new Error('abort'))
    else this.#use(event.do, event.which)
    this.#look()
  }

  async #call(): Promise<void> {
    const caller = { number: ++this.#callers, abort: new AbortController() }
    this.waiting.push(caller)
    try {
      const lease = await this.pool.acquire({ signal: caller.abort.signal })
      this.#must(caller.number > this.#lastServed, 'callers are served in order')
      this.#lastServed = caller.number
      this.#must(lease.resource.dirt === 'none' && !lease.resource.closed, 'a session is as new')
      this.#must(!this.leases.some(({ resource }) => resource === lease.resource), 'a session has one user')
      this.leases.push(lease)
    } catch (error) {
      this.#must(/outage|abort|came free|wait for one|closing/.test(String(error)), `no such error: ${String(error)}`)
    } finally {
      this.waiting.splice(this.waiting.indexOf(caller), 1)
    }
  }

  #use(how: 'release' | 'discard' | 'spoil' | 'soil' | 'kill', which: number): void {
    const index = which % this.leases.length
    const lease = this.leases[index]
    if (!lease) return
    if (how === 'spoil') lease.resource.dirt = 'stubborn'
    else if (how === 'soil') lease.resource.dirt = 'washable'
    else if (how === 'kill') lease.resource.alive = false
    else {
      this.leases.splice(index, 1)
      this.ends.push(how === 'release' ? lease.release() : lease.discard())
    }
  }

  #must(holds: boolean, claim: string): void {
    if (!holds) this.violations.push(claim)
  }

  #look(): void {
    const { size, waiting } = this.pool.stats()
    this.#must(size <= max && this.sessions.open.length <= max, 'never more sessions than max')
    this.#must(waiting <= options.maxWaiting + max, 'never more callers wait than may')
    this.#must(!this.leases.some(({ resource }) => resource.closed), 'no session is closed under its user')
  }

  /** Gives everything back and closes the pool. */
  async end(): Promise<PoolStats> {
    for (const lease of this.leases.splice(0)) this.ends.push(lease.release())
    const drained = this.pool.drain(1_000)
    await this.clock.advance(2_000)
    await Promise.all([drained, ...this.ends])
    return this.pool.stats()
  }
}

test('whatever happens in whatever order: one user per session, in order, as new, never too many, none lost [S4]', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 150, size: 'max' }), async (happenings) => {
      const scene = new Scene()
      for (const event of happenings) await scene.happens(event)
      const stats = await scene.end()
      expect([...scene.violations, ...scene.sessions.misuse]).toEqual([])
      expect(scene.sessions.open).toEqual([])
      expect(scene.clock.pendingCount).toBe(0)
      expect(stats).toMatchObject({ size: 0, leased: 0, available: 0, waiting: 0, destroyed: stats.created })
      expect(stats.cleaned + stats.discarded).toBe(stats.acquired)
      expect(stats.created).toBe(scene.sessions.opened.length)
    }),
    { numRuns: 500 },
  )
}, 60_000)
