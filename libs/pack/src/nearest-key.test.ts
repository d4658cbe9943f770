import { expect, test } from 'vitest'
import { nearestKey } from './nearest-key.ts'

test.each([
  ['cleints', 'clients'],
  ['CLIENTS', 'clients'],
  ['spawn_rate', 'spawnRate'],
  ['durration', 'duration'],
])('%s most likely meant %s', (written, meant) => {
  expect(nearestKey(written, ['clients', 'spawnRate', 'duration', 'seed'])).toBe(meant)
})

test('what is close to nothing has no suggestion', () => {
  expect(nearestKey('colour', ['clients', 'spawnRate'])).toBeUndefined()
  expect(nearestKey('x', [])).toBeUndefined()
})
