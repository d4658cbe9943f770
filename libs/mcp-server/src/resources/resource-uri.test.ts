import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUri, renderUri } from './resource-uri.ts'

// Anything a quoted name may hold.
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\u2028\u2029\uFEFF]/u.test(text))

test('whatever names Snowflake stores, their address is read back as written', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (parts) => {
      const uri = renderUri(parts)
      expect(parseUri(uri)).toEqual(parts)
      expect(URL.canParse(uri)).toBe(true)
    }),
  )
})

test('plain names are written plainly, and read in any case', () => {
  expect(renderUri(['TEST_DB', 'PUBLIC', 'My view'])).toBe('snowflake://TEST_DB/PUBLIC/%22My%20view%22')
  expect(parseUri('snowflake://test_db/public')).toEqual(['TEST_DB', 'PUBLIC'])
})

test.each([
  'http://a/b',
  'snowflake:',
  'snowflake://',
  'snowflake://a/',
  'snowflake://a/b/c/d',
  'snowflake://a%',
  'snowflake://a/b;c',
  'snowflake://a?b',
  `snowflake://${'a'.repeat(4000)}`,
])('%s is no address', (uri) => {
  expect(() => parseUri(uri)).toThrow(/is not the address of a resource/)
})
