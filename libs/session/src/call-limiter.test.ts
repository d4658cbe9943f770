import { FakeClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallLimiter, type CallLimiterLimits } from './call-limiter.ts'
import type { CallLimits } from './call-meter.ts'
import { QuotaWindow } from './quota-window.ts'

const none: CallLimits = { rates: [], queryRates: [], quotas: [], queryQuotas: [] }
const hourMs = 3_600_000

function setUp(limits: Partial<CallLimiterLimits>, wallMs: number = Date.UTC(2026, 0, 1, 10)) {
  const clock = new FakeClock(0, wallMs)
  return { clock, limiter: new CallLimiter(clock, { perClient: none, total: none, ...limits }) }
}

test('without limits everything passes and nobody is remembered', () => {
  const { limiter } = setUp({})
  for (let call = 0; call < 1000; call += 1) expect(limiter.admit('a', 'query')).toBeUndefined()
  expect(limiter.clientCount).toBe(0)
})

test('each client has limits of its own, and is told exactly when to come again', async () => {
  const { clock, limiter } = setUp({ perClient: { ...none, rates: [{ calls: 2, perMs: 1000, burst: 0 }] } })
  expect([limiter.admit('a', 'read'), limiter.admit('a', 'query')]).toEqual([undefined, undefined])
  expect(limiter.admit('a', 'read')).toEqual({ limit: 'client_rate', retryAfterMs: 500 })
  expect(limiter.admit('b', 'read')).toBeUndefined()
  await clock.advance(500)
  expect(limiter.admit('a', 'read')).toBeUndefined()
  expect(limiter.reachedTotal).toEqual({ client_rate: 1, client_quota: 0, total_rate: 0, total_quota: 0 })
})

test('who cannot be told from others has no limits but those of all', () => {
  const rates = [{ calls: 2, perMs: 1000, burst: 0 }]
  const { limiter } = setUp({ perClient: { ...none, rates: [{ calls: 1, perMs: 1000, burst: 0 }] }, total: { ...none, rates } })
  expect([limiter.admit(undefined, 'read'), limiter.admit(undefined, 'read')]).toEqual([undefined, undefined])
  expect(limiter.admit(undefined, 'read')).toEqual({ limit: 'total_rate', retryAfterMs: 500 })
})

test('queries have limits beside those of all calls', () => {
  const { limiter } = setUp({ perClient: { ...none, queryRates: [{ calls: 1, perMs: 60_000, burst: 0 }] } })
  expect(limiter.admit('a', 'query')).toBeUndefined()
  expect(limiter.admit('a', 'query')).toEqual({ limit: 'client_rate', retryAfterMs: 60_000 })
  expect(limiter.admit('a', 'read')).toBeUndefined()
})

test('a quota ends with its hour, and a refused call uses nothing up', async () => {
  const { clock, limiter } = setUp(
    { perClient: { ...none, quotas: [{ calls: 2, perMs: hourMs }] } },
    Date.UTC(2026, 0, 1, 10, 59),
  )
  expect([limiter.admit('a', 'read'), limiter.admit('a', 'read')]).toEqual([undefined, undefined])
  for (let again = 0; again < 5; again += 1)
    expect(limiter.admit('a', 'read')).toEqual({ limit: 'client_quota', retryAfterMs: 60_000 })
  await clock.advance(60_000)
  expect([limiter.admit('a', 'read'), limiter.admit('a', 'read')]).toEqual([undefined, undefined])
  expect(limiter.admit('a', 'read')).toEqual({ limit: 'client_quota', retryAfterMs: hourMs })
})

test('of several limits in the way the longest wait is told', () => {
  const { limiter } = setUp({
    perClient: {
      rates: [{ calls: 1, perMs: 1000, burst: 0 }],
      queryRates: [{ calls: 1, perMs: 5000, burst: 0 }],
      quotas: [],
      queryQuotas: [{ calls: 1, perMs: hourMs }],
    },
  })
  expect(limiter.admit('a', 'query')).toBeUndefined()
  expect(limiter.admit('a', 'query')).toEqual({ limit: 'client_quota', retryAfterMs: hourMs })
  expect(limiter.admit('a', 'read')).toEqual({ limit: 'client_rate', retryAfterMs: 1000 })
})

test('a call that all refuse together counts against nobody', async () => {
  const { clock, limiter } = setUp({
    perClient: { ...none, rates: [{ calls: 1, perMs: 1000, burst: 0 }] },
    total: { ...none, quotas: [{ calls: 1, perMs: hourMs }] },
  })
  expect(limiter.admit('a', 'read')).toBeUndefined()
  expect(limiter.admit('b', 'read')).toMatchObject({ limit: 'total_quota' })
  await clock.advance(hourMs)
  expect(limiter.admit('b', 'read')).toBeUndefined()
})

test('a clock that is set back gives nobody a new quota', () => {
  const quota = new QuotaWindow({ calls: 1, perMs: hourMs })
  quota.take(10 * hourMs + 5)
  expect(quota.waitMs(9 * hourMs)).toBe(2 * hourMs)
  expect(quota.isUnused(9 * hourMs)).toBe(false)
  expect(quota.waitMs(11 * hourMs)).toBe(0)
  expect(quota.isUnused(11 * hourMs)).toBe(true)
})

test('clients are forgotten when there are too many: first who has used nothing', async () => {
  const { clock, limiter } = setUp({ perClient: { ...none, rates: [{ calls: 1, perMs: 1000, burst: 0 }] } })
  limiter.admit('first', 'read')
  await clock.advance(2000)
  for (let client = 0; client < 20_000; client += 1) limiter.admit(`c${client}`, 'read')
  expect(limiter.clientCount).toBe(20_000)
  expect(limiter.admit('c0', 'read')).toMatchObject({ limit: 'client_rate' })
  // With nobody left that used nothing, the longest quiet goes.
  limiter.admit('one more', 'read')
  expect(limiter.clientCount).toBe(20_000)
})

test('no more is let through in an hour than the quota says, whatever comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 900_000 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      async (gaps, calls) => {
        const { clock, limiter } = setUp({ perClient: { ...none, quotas: [{ calls, perMs: hourMs }] } })
        const perHour = new Map<number, number>()
        for (const gapMs of gaps) {
          clock.freeze(gapMs)
          const hour = Math.floor(clock.wallMs() / hourMs)
          const before = perHour.get(hour) ?? 0
          const isAdmitted = limiter.admit('a', 'read') === undefined
          expect(isAdmitted).toBe(before < calls)
          if (isAdmitted) perHour.set(hour, before + 1)
        }
        for (const count of perHour.values()) expect(count).toBeLessThanOrEqual(calls)
      },
    ),
  )
})
