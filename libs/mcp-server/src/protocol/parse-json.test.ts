import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

test('JSON is read as it is', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      fc.pre(!/__proto__|constructor/.test(text))
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
  ['brackets behind a text that looks like the end of one', '["\\\\",', ']'],
])('%s may be nested a hundred levels deep, and no deeper', (_name, open, close) => {
  const nested = (levels: number): string => `${open.repeat(levels)}1${close.repeat(levels)}`
  expect(() => parseJson(nested(100))).not.toThrow()
  expect(() => parseJson(nested(101))).toThrow('nested more than 100 levels deep')
  expect(() => parseJson(nested(500_000))).toThrow('nested more than 100 levels deep')
})

test('brackets in texts, and beside each other, are no nesting', () => {
  for (const value of ['['.repeat(1000), `"${'{'.repeat(1000)}`, Array.from({ length: 1000 }, () => [[]])])
    expect(parseJson(JSON.stringify(value))).toEqual(value)
})

test('keys that would change a prototype are refused', () => {
  for (const text of ['{"__proto__":{"a":1}}', '{"a":{"constructor":{"prototype":{}}}}'])
    expect(() => parseJson(text)).toThrow('forbidden prototype property')
})
