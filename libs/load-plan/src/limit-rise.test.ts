import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelAt, limitRise, type LoadStage } from './index.ts'

const stages = fc.array(
  fc.record({
    name: fc.constant(''),
    durationMs: fc.integer({ min: 1, max: 20_000 }),
    from: fc.integer({ min: 0, max: 200 }),
    to: fc.integer({ min: 0, max: 200 }),
  }),
  { minLength: 1, maxLength: 6 },
)

const lengthOf = (list: readonly LoadStage[]): number => list.reduce((sum, { durationMs }) => sum + durationMs, 0)

test('a slowed-down load lasts as long, never climbs faster than it may, and never exceeds what was wanted', () => {
  fc.assert(
    fc.property(stages, fc.integer({ min: 1, max: 100 }), (wanted, rate) => {
      const limited = limitRise(wanted, rate)
      expect(lengthOf(limited)).toBeCloseTo(lengthOf(wanted), 3)
      let before = 0
      for (const { from, to, durationMs } of limited) {
        expect(from).toBeLessThanOrEqual(before + 1e-6)
        expect(to - from).toBeLessThanOrEqual((rate * durationMs) / 1000 + 1e-6)
        before = to
      }
      for (let atMs = 0; atMs < lengthOf(wanted); atMs += lengthOf(wanted) / 37)
        expect(levelAt(limited, atMs)).toBeLessThanOrEqual(levelAt(wanted, atMs) + 1e-6)
    }),
  )
})

test('what climbs slowly enough stays as it is', () => {
  const slow = [
    { name: 'a', durationMs: 1000, from: 0, to: 1 },
    { name: 'b', durationMs: 1000, from: 1, to: 0 },
  ]
  expect(limitRise(slow, 1)).toEqual(slow)
})
