import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redact } from './index.ts'

test.each([
  ['{"password":"hunter2","user":"x"}', '{"password":"***","user":"x"}'],
  ['{"api_key": 12345}', '{"api_key": "***"}'],
  ['{"accessToken":"a\\"b"}', '{"accessToken":"***"}'],
  ['{"secret":"cut off he', '{"secret":"***"'],
  ['authorization: Bearer abc.def-ghi', 'authorization: Bearer ***'],
  ['https://me:hunter2@host/x?token=abc&x=1', 'https://me:***@host/x?token=***&x=1'],
  ['eyJhbGciOi.eyJzdWIi.c2ln', '***'],
  ['select * from tokens', 'select * from tokens'],
])('%s is shown as %s', (text, shown) => {
  expect(redact(text)).toBe(shown)
})

test('no password survives in any JSON, wherever it stands', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/)
  fc.assert(
    fc.property(secret, fc.constantFrom('password', 'PRIVATE_KEY', 'x-api-key', 'sessionToken'), (value, name) => {
      expect(redact(JSON.stringify({ a: [{ [name]: value }], b: 1 }))).not.toContain(value)
    }),
  )
})
