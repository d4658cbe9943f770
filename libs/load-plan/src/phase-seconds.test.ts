import { expect, test } from 'vitest'
import { phaseSeconds } from './index.ts'

const phases = [
  { name: 'quiet', durationMs: 10_000 },
  { name: 'peak', durationMs: 5_000 },
  { name: 'quiet', durationMs: 10_000 },
]

test.each([
  ['peak', 0, 25_000, 5],
  ['quiet', 0, 25_000, 20],
  ['quiet', 4_000, 20_000, 11],
  ['peak', 0, 12_000, 2],
  ['peak', 20_000, 25_000, 0],
  ['nobody', 0, 25_000, 0],
])('%s made load for so many seconds from %i to %i', (name, fromMs, toMs, seconds) => {
  expect(phaseSeconds(phases, name, { fromMs, toMs })).toBe(seconds)
})
