import type { ArrivalPhase } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { toArtilleryPhases } from './to-artillery-phases.ts'

const phase = (changes: Partial<ArrivalPhase>): ArrivalPhase => ({
  name: 'one',
  durationMs: 10_000,
  rateStart: 5,
  rateEnd: 5,
  spacing: 'constant',
  ...changes,
})
const phases = (...changes: Partial<ArrivalPhase>[]): object[] => [
  ...toArtilleryPhases({ type: 'open', phases: changes.map(phase) }),
]

test('constant, ramped and random arrivals are written as Artillery reads them, in lengths it does not round', () => {
  expect(phases({}, { rateEnd: 20, durationMs: 2_500 }, { spacing: 'poisson' }, { rateStart: 0, rateEnd: 0 })).toEqual([
    { name: 'one', duration: '10000ms', arrivalRate: 5 },
    { name: 'one', duration: '2500ms', arrivalRate: 5, rampTo: 20 },
    { name: 'one', duration: '10000ms', arrivalRate: 5, mode: 'poisson' },
    { name: 'one', duration: '10000ms', arrivalRate: 0 },
  ])
})

test('a fraction of an arrival per second, on which Artillery crashes, is a count of arrivals', () => {
  expect(phases({ rateStart: 0.5, rateEnd: 0.5 })).toEqual([{ name: 'one', duration: '10000ms', arrivalCount: 5 }])
})

test.each([
  ['a ramp by fractions', { rateStart: 0.5, rateEnd: 2 }],
  ['random arrivals by fractions', { rateStart: 0.5, rateEnd: 0.5, spacing: 'poisson' }],
] as const)('%s is more than Artillery can do', (_, changes) => {
  expect(() => phases(changes)).toThrow(expect.objectContaining({ code: 'SQUALL_RUNNER_CANNOT', exitCode: 2 }) as Error)
})

test('a fixed population is more than Artillery can do', () => {
  const closed = { type: 'closed', clients: 5, spawnRatePerSecond: 1, durationMs: 1000 } as const
  expect(() => toArtilleryPhases(closed)).toThrow('the pack has a fixed population of clients')
})
