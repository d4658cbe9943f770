import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseKeyPath, toKeyPath } from './key-path.ts'

test('a path reads as it is written in JavaScript', () => {
  expect(toKeyPath(['scenarios', 0, 'flow', 2, 'callTool'])).toBe('scenarios[0].flow[2].callTool')
})

test('a path that was written is the same when read', () => {
  const key = fc.stringMatching(/^[a-zA-Z$_-]+$/)
  const path = fc.array(fc.oneof(key, fc.nat(99))).filter(([first]) => typeof first === 'string')
  fc.assert(
    fc.property(path, (path) => {
      expect(parseKeyPath(toKeyPath(path))).toEqual(path)
    }),
  )
})
