import type { LoadPlan } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { checkMachine, type Machine } from './check-machine.ts'
import { demoPlan } from './test/demo-plan.ts'

const machine: Machine = { filesPerProcess: 1_064, memoryBytes: 2 ** 30 }
const closed = (clients: number, spawnRatePerSecond = clients): LoadPlan => ({
  ...demoPlan,
  model: { type: 'closed', clients, spawnRatePerSecond, durationMs: 2_000 },
})
const open: LoadPlan = { ...demoPlan, model: { type: 'open', phases: [] } }

test.each([
  [1_001, 1, /^1001 clients are to live at once, .* needs 1001 of them; a process here may open 1064 files$/],
  [4_001, 4, /needs 1001 of them/],
  [1e9, 64, /^1000000000 clients .* takes at least 15258\.8 GiB of memory; this machine has 1\.0 GiB$/],
])('%d clients on %d workers are too many', (clients, workers, message) => {
  expect(() => checkMachine(closed(clients), workers, machine)).toThrow(message)
})

test.each([
  ['so many as there are handles for', closed(1_000), 1],
  ['more of them on more workers', closed(4_000), 4],
  ['a billion of whom the duration lets only a few start', closed(1e9, 5), 1],
  ['an open plan', open, 1],
])('%s may be tried', (_, plan, workers) => {
  expect(() => checkMachine(plan, workers, machine)).not.toThrow()
})

test('where nobody says how many files a process may open, memory alone decides', () => {
  expect(() => checkMachine(closed(50_000), 1, { ...machine, filesPerProcess: undefined })).not.toThrow()
})

test('this machine has limits, too', () => {
  expect(() => checkMachine(closed(1e9), 1)).toThrow('1000000000 clients')
  expect(() => checkMachine(closed(10), 1)).not.toThrow()
})
