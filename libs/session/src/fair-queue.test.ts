import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FairQueue, type FairClient, type FairLimits, type Line } from './fair-queue.ts'

const open: FairLimits = {
  running: 1,
  runningPerPrincipal: Infinity,
  runningPerClient: Infinity,
  waiting: Infinity,
  waitingPerPrincipal: Infinity,
  waitingPerClient: Infinity,
}

function client(principal: string, id = 'only', extra: Partial<FairClient> = {}): FairClient {
  return { id, principal, weight: 1, isShared: false, ...extra }
}

function setUp(limits: Partial<FairLimits> = {}) {
  const queue = new FairQueue<string>(() => ({ ...open, ...limits }))
  /** Serves all that waits, one after another, given who is inside now. */
  const drain = (inside: Line | undefined): string[] => {
    const served: string[] = []
    let line = inside
    while (line !== undefined) {
      queue.finish(line)
      const entry = queue.next()
      if (entry !== undefined) served.push(entry.item)
      line = entry?.line
    }
    return served
  }
  return { queue, drain }
}

test('one client is served in the order of its calls', () => {
  const { queue, drain } = setUp()
  const inside = queue.start(client('a'))
  for (const item of ['1', '2', '3']) queue.wait(client('a'), item)
  expect(queue.start(client('a'))).toBeUndefined()
  expect(drain(inside)).toEqual(['1', '2', '3'])
  expect([queue.running, queue.waiting, queue.clientCount]).toEqual([0, 0, 0])
})

test('who comes with one call does not wait behind five hundred of another', () => {
  const { queue, drain } = setUp()
  const inside = queue.start(client('heavy'))
  for (let call = 0; call < 500; call += 1) queue.wait(client('heavy'), 'heavy')
  queue.wait(client('light'), 'light')
  expect(drain(inside).indexOf('light')).toBeLessThanOrEqual(1)
})

test('turns go by weight', () => {
  const { queue, drain } = setUp()
  const inside = queue.start(client('other'))
  for (let call = 0; call < 40; call += 1)
    for (const [principal, weight] of [
      ['high', 4],
      ['low', 1],
    ] as const)
      queue.wait(client(principal, 'only', { weight }), principal)
  const first = drain(inside).slice(0, 25)
  expect(first.filter((item) => item === 'high')).toHaveLength(20)
})

test('many sessions give a principal no more turns, and its sessions share them', () => {
  const { queue, drain } = setUp()
  const inside = queue.start(client('other'))
  for (let session = 0; session < 10; session += 1)
    for (let call = 0; call < 10; call += 1) queue.wait(client('many', `s${session}`), `many/s${session}`)
  for (let call = 0; call < 10; call += 1) queue.wait(client('one'), 'one')
  const first = drain(inside).slice(0, 20)
  expect(first.filter((item) => item === 'one')).toHaveLength(10)
  expect(new Set(first.filter((item) => item !== 'one')).size).toBe(10)
})

test('the bound of a client leaves room for others, who come in at once', () => {
  const { queue } = setUp({ running: 4, runningPerClient: 3 })
  const heavy = client('heavy')
  const inside = [queue.start(heavy), queue.start(heavy), queue.start(heavy)]
  expect(queue.start(heavy)).toBeUndefined()
  const waiting = queue.wait(heavy, 'next')
  expect(queue.next()).toBeUndefined()
  const light = queue.start(client('light'))
  expect(light).toBeDefined()
  if (inside[0] !== undefined) queue.finish(inside[0])
  expect(queue.next()).toBe(waiting)
})

test('the bound of a principal holds over its sessions, unless it stands for many', () => {
  const limits = { running: 4, runningPerPrincipal: 2 }
  const { queue } = setUp(limits)
  expect([1, 2, 3].map((n) => queue.start(client('a', `s${n}`)) !== undefined)).toEqual([true, true, false])
  const { queue: other } = setUp(limits)
  expect([1, 2, 3].map((n) => other.start(client('local', `s${n}`, { isShared: true })) !== undefined)).toEqual([
    true,
    true,
    true,
  ])
})

test('too many that wait are turned away: all, or the ones of one client or principal', () => {
  const { queue } = setUp({ waiting: 4, waitingPerPrincipal: 3, waitingPerClient: 2 })
  queue.start(client('other'))
  expect(queue.refusal(client('a', 's1'))).toBeUndefined()
  queue.wait(client('a', 's1'), '')
  queue.wait(client('a', 's1'), '')
  expect(queue.refusal(client('a', 's1'))).toBe('client')
  expect(queue.refusal(client('a', 's2'))).toBeUndefined()
  queue.wait(client('a', 's2'), '')
  expect(queue.refusal(client('a', 's3'))).toBe('client')
  queue.wait(client('b'), '')
  expect(queue.refusal(client('c'))).toBe('all')
})

test('who was away saves up no turns', () => {
  const { queue, drain } = setUp()
  const inside = queue.start(client('a'))
  for (let call = 0; call < 20; call += 1) queue.wait(client('a'), 'a')
  const back = queue.wait(client('b'), 'b')
  queue.leave(back)
  for (let call = 0; call < 20; call += 1) queue.wait(client('b'), 'b')
  const first = drain(inside).slice(0, 10)
  expect(first.filter((item) => item === 'b').length).toBeLessThanOrEqual(6)
})

interface Arrival {
  readonly principal: number
  readonly session: number
}

const arrivals = fc.array(fc.record({ principal: fc.nat(4), session: fc.nat(2) }), { minLength: 1, maxLength: 120 })
const toClient = ({ principal, session }: Arrival): FairClient => client(`p${principal}`, `s${session}`)

test('nothing is lost, nothing is served twice, and each client in its own order', () => {
  fc.assert(
    fc.property(
      arrivals,
      fc.array(fc.nat(119), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (script, leaving, running) => {
        const queue = new FairQueue<number>(() => ({ ...open, running, runningPerClient: Math.max(1, running - 1) }))
        const inside: Line[] = []
        const entries = script.map((arrival, index) => {
          const line = queue.start(toClient(arrival))
          if (line === undefined) return queue.wait(toClient(arrival), index)
          inside.push(line)
          return undefined
        })
        const left = new Set(leaving.filter((index) => entries[index] !== undefined && queue.leave(entries[index])))
        const served: number[] = []
        while (inside.length > 0) {
          const [line] = inside.splice(0, 1)
          if (line !== undefined) queue.finish(line)
          for (let entry = queue.next(); entry !== undefined; entry = queue.next()) {
            served.push(entry.item)
            inside.push(entry.line)
          }
          expect(inside.length).toBe(queue.running)
          expect(queue.running).toBeLessThanOrEqual(running)
        }
        const waited = script.flatMap((_, index) => (entries[index] === undefined || left.has(index) ? [] : [index]))
        expect(served.toSorted((a, b) => a - b)).toEqual(waited)
        for (const arrival of script) {
          const own = served.filter((index) => same(script[index], arrival))
          expect(own).toEqual(own.toSorted((a, b) => a - b))
        }
        expect([queue.running, queue.waiting, queue.clientCount]).toEqual([0, 0, 0])
      },
    ),
  )
})

function same(a: Arrival | undefined, b: Arrival): boolean {
  return a?.principal === b.principal && a.session === b.session
}

test('nobody starves: of n principals that wait, each is served within n turns', () => {
  fc.assert(
    fc.property(arrivals, (script) => {
      const { queue, drain } = setUp()
      const inside = queue.start(client('other'))
      for (const arrival of script) queue.wait(toClient(arrival), `p${arrival.principal}`)
      const principals = new Set(script.map(({ principal }) => `p${principal}`))
      const served = drain(inside)
      for (const principal of principals) {
        const turns = served.flatMap((item, turn) => (item === principal ? [turn] : []))
        for (const [index, turn] of turns.entries()) expect(turn - (turns[index - 1] ?? -1)).toBeLessThanOrEqual(principals.size)
      }
    }),
  )
})

test('shares follow weights to within one turn, at every instant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (a, b) => {
      const { queue, drain } = setUp()
      const inside = queue.start(client('other'))
      for (let call = 0; call < 100; call += 1) {
        queue.wait(client('a', 'only', { weight: a }), 'a')
        queue.wait(client('b', 'only', { weight: b }), 'b')
      }
      const turns = { a: 0, b: 0 }
      for (const item of drain(inside).slice(0, 100)) {
        turns[item === 'a' ? 'a' : 'b'] += 1
        expect(Math.abs(turns.a / a - turns.b / b)).toBeLessThanOrEqual(1 / a + 1 / b + 1e-9)
      }
    }),
  )
})
