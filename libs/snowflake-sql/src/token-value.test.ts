import { expect, test } from 'vitest'
import { identifierName, stringValue, tokenize } from './index.ts'

test.each([
  ['orders', 'ORDERS'],
  ['"Orders"', 'Orders'],
  ['"a""b"', 'a"b'],
  ['"open', undefined],
  ["'text'", undefined],
])('the identifier %s names %s', (sql, name) => expect(identifierName(tokenize(sql)[0])).toBe(name))

test.each([
  ["'it''s'", "it's"],
  ["'a\\'b\\\\c\\n\\t\\r\\b\\f\\0'", "a'b\\c\n\t\r\b\f\0"],
  ["'\\u0041\\x42\\103\\q'", 'ABCq'],
  ["$$raw \\n ''$$", "raw \\n ''"],
  ["'open", undefined],
  ['word', undefined],
])('the string %s means %j', (sql, value) => expect(stringValue(tokenize(sql)[0])).toBe(value))

test('no token is no value', () => {
  expect(identifierName(undefined)).toBeUndefined()
  expect(stringValue(undefined)).toBeUndefined()
})
