import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shapeNames, stagesOfShape, type LoadStage } from '../index.ts'

const frame = { peak: 100, durationMs: 100_000 }

const drawn = (name: string, options: unknown = {}): string =>
  (stagesOfShape(name, options, frame) ?? [])
    .map(({ name, durationMs, from, to }) => `${name}: ${from}→${to} ${durationMs / 1000}s`)
    .join(', ')

test.each([
  ['steps', {}, 'step 1: 20→20 20s, step 2: 40→40 20s, step 3: 60→60 20s, step 4: 80→80 20s, step 5: 100→100 20s'],
  ['steps', { count: 2, from: 10 }, 'step 1: 10→10 50s, step 2: 100→100 50s'],
  ['steps', { count: 1 }, 'step 1: 100→100 100s'],
  ['steps', { levels: [50, 0] }, 'step 1: 50→50 50s, step 2: 0→0 50s'],
  ['ramp', {}, 'ramp up: 0→100 100s'],
  ['ramp', { from: 10, up: 20_000, down: 30_000 }, 'ramp up: 10→100 20s, hold: 100→100 50s, ramp down: 100→10 30s'],
  ['ramp', { up: 300_000, down: 100_000 }, 'ramp up: 0→100 75s, ramp down: 100→0 25s'],
  ['soak', {}, 'ramp up: 0→100 5s, soak: 100→100 90s, ramp down: 100→0 5s'],
  ['soak', { down: 0 }, 'ramp up: 0→100 5s, soak: 100→100 95s'],
  ['spike', {}, 'before: 10→10 40s, spike: 100→100 20s, after spike: 10→10 40s'],
  [
    'spike',
    { base: 0, times: 2, lasts: 5_000 },
    'before: 0→0 30s, spike 1: 100→100 5s, after spike 1: 0→0 30s, spike 2: 100→100 5s, after spike 2: 0→0 30s',
  ],
  ['spike', { lasts: 500_000 }, 'spike: 100→100 100s'],
  ['breakpoint', { steps: 4 }, 'level 1: 25→25 25s, level 2: 50→50 25s, level 3: 75→75 25s, level 4: 100→100 25s'],
  [
    'breakpoint',
    { steps: 3, growth: 'exponential' },
    'level 1: 1→1 33.333333333333336s, level 2: 10→10 33.333333333333336s, level 3: 100→100 33.333333333333336s',
  ],
  ['breakpoint', { steps: 2, from: 0, growth: 'exponential' }, 'level 1: 0→0 50s, level 2: 100→100 50s'],
  ['breakpoint', { steps: 1 }, 'level 1: 100→100 100s'],
])('%s %j', (name, options, expected) => {
  expect(drawn(name, options)).toBe(expected)
})

test('every shape fills its time, never exceeds the peak, and has no empty stage [L5]', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...shapeNames),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 1e8 }),
      (name, peak, durationMs) => {
        const stages = stagesOfShape(name, {}, { peak, durationMs }) ?? []
        const levels = stages.flatMap(({ from, to }: LoadStage) => [from, to])
        expect(stages.reduce((sum, stage) => sum + stage.durationMs, 0)).toBeCloseTo(durationMs, 3)
        expect(stages.every((stage) => stage.durationMs > 0)).toBe(true)
        expect(Math.max(...levels)).toBeCloseTo(peak, 6)
        expect(Math.min(...levels)).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})

test('an unknown shape has no stages', () => {
  expect(stagesOfShape('zigzag', {}, frame)).toBeUndefined()
})
