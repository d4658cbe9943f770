import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CircuitBreaker, type BreakerOptions, type BreakerPass } from './circuit-breaker.ts'

const options: BreakerOptions = {
  failuresInARow: 3,
  failureRatio: 0.5,
  fewestCalls: 10,
  windowMs: 10_000,
  openMs: 1000,
  longestOpenMs: 3000,
  probes: 2,
  successesToClose: 2,
}

function setUp() {
  const clock = new FakeClock()
  const breaker = new CircuitBreaker(clock, options)
  const call = (works: boolean): void => {
    const pass = breaker.enter()
    if (pass === undefined) throw new Error('the breaker is open')
    if (works) breaker.succeeded(pass)
    else breaker.failed(pass)
    breaker.leave(pass)
  }
  const fail = (times: number): void => {
    for (let failure = 0; failure < times; failure += 1) call(false)
  }
  return { clock, breaker, call, fail }
}

test('failures in a row open it, for as long as it says', async () => {
  const { clock, breaker, call, fail } = setUp()
  fail(2)
  call(true)
  fail(2)
  expect(breaker.state).toBe('closed')
  fail(1)
  expect([breaker.state, breaker.enter(), breaker.retryAfterMs]).toEqual(['open', undefined, 1000])
  await clock.advance(999)
  expect([breaker.enter(), breaker.retryAfterMs]).toEqual([undefined, 1])
  await clock.advance(1)
  expect(breaker.state).toBe('half_open')
})

test('many failures among many calls open it too, a few do not', () => {
  const { breaker, call, fail } = setUp()
  for (let round = 0; round < 4; round += 1) {
    fail(1)
    call(true)
  }
  expect(breaker.state).toBe('closed')
  call(true)
  fail(1)
  expect(breaker.state).toBe('open')
})

test('failures of an earlier window are forgotten', async () => {
  const { clock, breaker, call, fail } = setUp()
  for (let round = 0; round < 4; round += 1) {
    fail(1)
    call(true)
  }
  await clock.advance(10_000)
  for (let round = 0; round < 4; round += 1) {
    call(true)
    fail(1)
  }
  expect(breaker.state).toBe('closed')
})

test('half open it lets a few try, and closes when enough of them worked', async () => {
  const { clock, breaker, fail, call } = setUp()
  fail(3)
  await clock.advance(1000)
  const [first, second, third] = [breaker.enter(), breaker.enter(), breaker.enter()]
  expect(third).toBeUndefined()
  breaker.succeeded(first ?? -1)
  breaker.leave(first ?? -1)
  expect(breaker.state).toBe('half_open')
  breaker.succeeded(second ?? -1)
  expect(breaker.state).toBe('closed')
  breaker.leave(second ?? -1)
  fail(2)
  call(true)
  expect([breaker.state, breaker.openedTotal, breaker.isUntouched]).toEqual(['closed', 1, true])
})

test('a trial that fails opens it for longer each time, up to a bound', async () => {
  const { clock, breaker, fail } = setUp()
  fail(3)
  const openMs: number[] = []
  for (let trial = 0; trial < 3; trial += 1) {
    await clock.advance(breaker.retryAfterMs)
    fail(1)
    openMs.push(breaker.retryAfterMs)
  }
  expect(openMs).toEqual([2000, 3000, 3000])
})

test('a trial that never reached what lies behind makes room for another', async () => {
  const { clock, breaker, fail } = setUp()
  fail(3)
  await clock.advance(1000)
  const passes = [breaker.enter(), breaker.enter()]
  expect(breaker.enter()).toBeUndefined()
  breaker.leave(passes[0] ?? -1)
  expect(breaker.enter()).toBe(passes[0])
})

test('results that come late are of another time', async () => {
  const { clock, breaker, fail } = setUp()
  const slow = breaker.enter() ?? -1
  fail(3)
  await clock.advance(1000)
  const trial = breaker.enter() ?? -1
  breaker.failed(slow)
  breaker.succeeded(slow)
  breaker.leave(slow)
  expect(breaker.state).toBe('half_open')
  breaker.succeeded(trial)
  const second = breaker.enter() ?? -1
  breaker.succeeded(second)
  breaker.failed(slow)
  expect(breaker.state).toBe('closed')
})

type Step = { readonly do: 'enter' | 'succeed' | 'fail' | 'leave' } | { readonly do: 'wait'; readonly ms: number }

const steps = fc.array(
  fc.oneof(
    fc.constantFrom<Step>({ do: 'enter' }, { do: 'succeed' }, { do: 'fail' }, { do: 'leave' }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 4000 }) }),
  ),
  { maxLength: 200 },
)

test('whatever happens, it moves only along its own arrows, keeps to its probes, and always lets someone try again', async () => {
  const arrows = new Set(['closed>open', 'open>half_open', 'half_open>open', 'half_open>closed'])
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const { clock, breaker } = setUp()
      const inside: BreakerPass[] = []
      let state = breaker.state
      for (const step of script) {
        const pass = inside.at(-1) ?? -1
        const entered = step.do === 'enter' ? breaker.enter() : undefined
        if (step.do === 'succeed') breaker.succeeded(pass)
        if (step.do === 'fail') breaker.failed(pass)
        if (step.do === 'wait') clock.freeze(step.ms)
        if (step.do === 'leave') breaker.leave(inside.pop() ?? -1)
        if (entered !== undefined) inside.push(entered)
        expect(breaker.state === state || arrows.has(`${state}>${breaker.state}`)).toBe(true)
        expect(entered === undefined || breaker.state !== 'open').toBe(true)
        const probing = breaker.state === 'half_open' ? inside.filter((one) => one === entered).length : 0
        expect(probing).toBeLessThanOrEqual(options.probes)
        state = breaker.state
      }
      // Everybody leaves and the longest pause passes: someone may try.
      for (const pass of inside) breaker.leave(pass)
      clock.freeze(options.longestOpenMs)
      expect(breaker.enter()).toBeDefined()
    }),
  )
})
