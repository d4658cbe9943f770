import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import type { FairClient, FairLimits } from './fair-queue.ts'
import { FairTurnstile, type Pass, type WaitEnd } from './fair-turnstile.ts'

const one: FairLimits = {
  running: 1,
  runningPerPrincipal: Infinity,
  runningPerClient: Infinity,
  waiting: 2,
  waitingPerPrincipal: Infinity,
  waitingPerClient: Infinity,
}

const client = (principal: string): FairClient => ({ id: 'only', principal, weight: 1, isShared: false })

function setUp(limits: Partial<FairLimits> = {}) {
  const clock = new FakeClock()
  let current = { ...one, ...limits }
  const turnstile = new FairTurnstile(clock, () => current)
  const enter = (principal: string): Pass => {
    const pass = turnstile.tryEnter(client(principal))
    if (pass === undefined) throw new Error('there is no room')
    return pass
  }
  const wait = (principal: string, signal?: AbortSignal): Promise<WaitEnd> =>
    turnstile.wait(client(principal), { timeoutMs: 1000, signal })
  return { clock, turnstile, enter, wait, change: (next: Partial<FairLimits>) => void (current = { ...current, ...next }) }
}

test('while there is room nobody waits and no timer runs', () => {
  const { clock, turnstile, enter } = setUp()
  turnstile.leave(enter('a'))
  expect([clock.pendingCount, turnstile.running]).toEqual([0, 0])
})

test('who waits comes in when another leaves, and leaves nothing behind', async () => {
  const { clock, turnstile, enter, wait } = setUp()
  const inside = enter('a')
  const next = wait('b')
  await clock.advance(300)
  turnstile.leave(inside)
  const end = await next
  expect(end).toMatchObject({ kind: 'entered', pass: { enteredMs: 300 } })
  expect(clock.pendingCount).toBe(0)
  if (end.kind === 'entered') turnstile.leave(end.pass)
  expect(turnstile.stats()).toEqual({
    running: 0,
    waiting: 0,
    clients: 0,
    enteredTotal: 2,
    timeoutsTotal: 0,
    abortsTotal: 0,
    fullTotal: 0,
    waitedMs: { total: 300, max: 300 },
  })
})

test('a wait ends to the millisecond, at its signal, and does not begin where too many wait', async () => {
  const { clock, turnstile, enter, wait } = setUp()
  enter('a')
  const leave = new AbortController()
  const ends = [wait('b'), wait('c', leave.signal)]
  expect(await wait('d')).toEqual({ kind: 'full', whose: 'all' })
  leave.abort()
  expect(await ends[1]).toEqual({ kind: 'aborted' })
  expect(await wait('e', AbortSignal.abort())).toEqual({ kind: 'aborted' })
  await clock.advance(999)
  expect(turnstile.waiting).toBe(1)
  await clock.advance(1)
  expect(await ends[0]).toEqual({ kind: 'timeout' })
  expect(turnstile.stats()).toMatchObject({ waiting: 0, timeoutsTotal: 1, abortsTotal: 1, fullTotal: 1 })
  expect(clock.pendingCount).toBe(0)
})

test('more room is used as soon as somebody says so', async () => {
  const { turnstile, enter, wait, change } = setUp()
  enter('a')
  const next = wait('b')
  change({ running: 2 })
  turnstile.admit()
  expect(await next).toMatchObject({ kind: 'entered' })
})

test('the time to wait is told by how long calls took of late', async () => {
  const { clock, turnstile, enter, wait } = setUp({ running: 2, waiting: 10 })
  for (let call = 0; call < 3; call += 1) {
    const pass = enter('a')
    await clock.advance(400)
    turnstile.leave(pass)
  }
  enter('a')
  enter('a')
  void wait('b')
  void wait('b')
  void wait('b')
  // Four stays of 400 ms, by two at once.
  expect(turnstile.estimateWaitMs()).toBe(800)
})
