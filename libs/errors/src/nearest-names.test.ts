import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestName, nearestNames } from './nearest-names.ts'

const known = ['clients', 'spawnRate', 'duration', 'seed', 'callTool', 'ping', 'p95']

test.each([
  ['cleints', 'clients'],
  ['CLIENTS', 'clients'],
  ['spawn_rate', 'spawnRate'],
  ['durration', 'duration'],
  ['calltools', 'callTool'],
  ['pnig', 'ping'],
  ['q95', 'p95'],
  ['rate', 'spawnRate'],
])('%s most likely meant %s', (written, meant) => {
  expect(nearestName(written, known)).toBe(meant)
})

test.each(['colour', 'xyz', 'x', 'ab', ''])('"%s" is close to nothing, so nothing is suggested', (written) => {
  expect(nearestName(written, known)).toBeUndefined()
})

test('names are near by edits, by parts, and never by chance', () => {
  const names = ['CUSTOMERS', 'ORDERS', 'ORDER_ITEMS', 'X']
  expect(nearestNames('costumers', names)).toEqual(['CUSTOMERS'])
  expect(nearestNames('ORDER', names)).toEqual(['ORDERS', 'ORDER_ITEMS'])
  expect(nearestNames('INVENTORY', names)).toEqual([])
})

test('at most three names are suggested', () => {
  expect(nearestNames('item_', ['item_1', 'item_2', 'item_3', 'item_4'])).toEqual(['item_1', 'item_2', 'item_3'])
})

test('a name is nearest to itself', () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', 'C', '_'), minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(word, fc.array(word), (name, others) => {
      expect(nearestNames(name, [...others, name])[0]).toBe(name)
    }),
  )
})

test('a megabyte as a name is like nothing, and that is found out at once', () => {
  const before = process.threadCpuUsage()
  expect(nearestNames('x'.repeat(1_000_000), ['list_databases', 'list_views', 'execute_query'])).toEqual([])
  // Of this thread's own work, whatever else the machine does.
  expect(process.threadCpuUsage(before).user).toBeLessThan(500_000)
})
