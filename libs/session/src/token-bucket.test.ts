import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('a bucket lets through what it holds, then one token at a time, to the millisecond', () => {
  const bucket = new TokenBucket({ calls: 10, perMs: 1000, burst: 5 })
  for (let call = 0; call < 15; call += 1) {
    expect(bucket.waitMs(0)).toBe(0)
    bucket.take(0)
  }
  expect(bucket.waitMs(0)).toBe(100)
  expect(bucket.waitMs(99)).toBe(1)
  expect(bucket.waitMs(100)).toBe(0)
  bucket.take(100)
  expect(bucket.waitMs(100)).toBe(100)
  expect(bucket.isFull(1599)).toBe(false)
  expect(bucket.isFull(1600)).toBe(true)
})

const limits = fc.record({ calls: fc.integer({ min: 1, max: 50 }), perMs: fc.constantFrom(1000, 60_000), burst: fc.nat(20) })
const gaps = fc.array(fc.oneof(fc.nat(5), fc.nat(3000)), { minLength: 1, maxLength: 200 })

/** The instants at which calls were let through, when one comes after each gap. */
function letThrough(bucket: TokenBucket, gapsMs: readonly number[]): number[] {
  let nowMs = 0
  return gapsMs.flatMap((gapMs) => {
    nowMs += gapMs
    if (bucket.waitMs(nowMs) > 0) return []
    bucket.take(nowMs)
    return [nowMs]
  })
}

test('in no stretch of time does it let through more than its tokens and what refilled', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, gapsMs) => {
      const taken = letThrough(new TokenBucket(limit), gapsMs)
      for (const [first, fromMs] of taken.entries())
        for (let last = first; last < taken.length; last += 1) {
          const refilled = (((taken[last] ?? 0) - fromMs) * limit.calls) / limit.perMs
          expect(last - first + 1).toBeLessThanOrEqual(limit.calls + limit.burst + refilled + 1e-6)
        }
    }),
  )
})

test('who waits as long as told gets a token, and a moment sooner does not', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, gapsMs) => {
      const bucket = new TokenBucket(limit)
      letThrough(bucket, gapsMs)
      const nowMs = gapsMs.reduce((sum, gapMs) => sum + gapMs, 0)
      const waitMs = bucket.waitMs(nowMs)
      expect(bucket.waitMs(nowMs + waitMs)).toBe(0)
      expect(waitMs > 0.01 && bucket.waitMs(nowMs + waitMs - 0.01) === 0).toBe(false)
    }),
  )
})
