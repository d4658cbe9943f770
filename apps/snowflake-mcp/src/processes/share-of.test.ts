import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readConfiguration } from '../configuration.ts'
import { shareOf } from './share-of.ts'

const role = { number: 1, slot: 0, port: 4711 }

test('what all processes may use together is what is configured, and each may use something', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 64 }),
      fc.integer({ min: 64, max: 1000 }),
      fc.integer({ min: 1, max: 5000 }),
      (n, poolMax, calls) => {
        const environment = {
          SQUALL_MCP_PROCESSES: String(n),
          SNOWFLAKE_POOL_MAX_SIZE: String(poolMax),
          SQUALL_MCP_MAX_CONCURRENT: String(calls),
          SQUALL_MCP_MAX_SESSIONS: String(calls),
        }
        const whole = readConfiguration({ options: new Map(), environment })
        const share = shareOf(whole, role)
        expect(share.pool.max * n).toBeLessThanOrEqual(poolMax)
        expect(share.pool.min).toBeLessThanOrEqual(share.pool.max)
        for (const name of ['maxConcurrent', 'maxSessions', 'maxQueued'] as const) {
          expect(share.limits[name] * n).toBeGreaterThanOrEqual(whole.limits[name])
          expect((share.limits[name] - 1) * n).toBeLessThan(whole.limits[name])
        }
        expect(share.limits.maxConcurrentPerClient ?? 0).toBeLessThanOrEqual(share.limits.maxConcurrent)
        expect(share.serve).toMatchObject({ port: 4711 })
      },
    ),
    { numRuns: 50 },
  )
})

test('rates of all clients together are shared out, those of one client are not', () => {
  const environment = { SQUALL_MCP_PROCESSES: '2', SQUALL_MCP_LIMITS_PRESET: 'original' }
  const whole = readConfiguration({ options: new Map(), environment })
  const { rates } = shareOf(whole, role).limits
  expect(rates.total.rates).toMatchObject([{ calls: 50 }])
  expect(rates.perClient).toEqual(whole.limits.rates.perClient)
})

test('a server on stdio has nothing to share', () => {
  const whole = readConfiguration({ options: new Map(), environment: { SQUALL_MCP_STDIO: 'true' } })
  expect(shareOf(whole, role)).toBe(whole)
})
