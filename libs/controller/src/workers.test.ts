import { expect, test } from 'vitest'
import { defaultWorkers } from './index.ts'

test.each([
  [1, 1],
  [2, 1],
  [8, 7],
])('of %d cores %d make load', (cores, workers) => {
  expect(defaultWorkers(cores)).toBe(workers)
})
