import { expect, test } from 'vitest'
import type { LoadPlan } from './index.ts'
import { phaseSeconds } from './index.ts'

const stage = (name: string, durationMs: number): { name: string; durationMs: number; from: number; to: number } => ({
  name,
  durationMs,
  from: 1,
  to: 1,
})
const stages = [stage('quiet', 10_000), stage('peak', 5_000), stage('quiet', 10_000)]
const model = { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 25_000, stages } as const
const phases = stages.map(({ name, durationMs }) => ({
  name,
  durationMs,
  rateStart: 1,
  rateEnd: 1,
  spacing: 'constant' as const,
}))

test.each([
  ['peak', 0, 25_000, 5],
  ['quiet', 0, 25_000, 20],
  ['quiet', 4_000, 20_000, 11],
  ['peak', 0, 12_000, 2],
  ['peak', 20_000, 25_000, 0],
  ['nobody', 0, 25_000, 0],
])('%s made load for so many seconds from %i to %i', (name, fromMs, toMs, seconds) => {
  // Only the model is looked at.
  expect(phaseSeconds({ model } as unknown as LoadPlan, name, { fromMs, toMs })).toBe(seconds)
  expect(phaseSeconds({ model: { type: 'open', phases } } as unknown as LoadPlan, name, { fromMs, toMs })).toBe(seconds)
})

test('a closed plan without a shape has no phases', () => {
  const plan = { model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1000 } } as unknown as LoadPlan
  expect(phaseSeconds(plan, '', { fromMs: 0, toMs: 1000 })).toBe(0)
})
