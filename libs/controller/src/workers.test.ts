import { expect, test } from 'vitest'
import { defaultWorkers } from './index.ts'
import { usefulWorkers } from './workers.ts'

test.each([
  [1, 1],
  [2, 1],
  [8, 7],
])('of %d cores %d make load', (cores, workers) => {
  expect(defaultWorkers(cores)).toBe(workers)
})

test('no generator is made whose share of maxClients would be nobody', () => {
  const open = { type: 'open', phases: [] } as const
  expect(usefulWorkers({ model: { ...open, maxClients: 2 } }, 7)).toBe(2)
  expect(usefulWorkers({ model: { ...open, maxClients: 20 } }, 7)).toBe(7)
  expect(usefulWorkers({ model: open }, 7)).toBe(7)
  expect(usefulWorkers({ model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1 } }, 7)).toBe(7)
})
