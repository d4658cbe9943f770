import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileJsonPath } from './json-path.ts'

const root = { content: [{ text: 'hi' }], 'a name': { id: 7 }, "it's": 1, nothing: null }

test.each([
  ['$', root],
  ['$.content[0].text', 'hi'],
  ['$["a name"].id', 7],
  [`$["it's"]`, 1],
  ["$['a name']", { id: 7 }],
  ['$.content[1].text', undefined],
  ['$.nothing.more', undefined],
  ['$.content.length', undefined],
  ['$.constructor', undefined],
])('%s finds %j', (path, found) => {
  expect(compileJsonPath(path)?.(root)).toEqual(found)
})

test.each(['', 'content', '$..text', '$.content[*]', '$.', '$[', '$.a b', '$[?(@.a)]'])('%s names no single place', (path) => {
  expect(compileJsonPath(path)).toBeUndefined()
})

test('every key of any object can be named', () => {
  const key = fc.string().filter((text) => !/["\n\r]/.test(text))
  fc.assert(
    fc.property(key, fc.integer(), (name, value) => {
      expect(compileJsonPath(`$["${name}"]`)?.({ [name]: value })).toBe(value)
    }),
  )
})
