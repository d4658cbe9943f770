import { expect, test } from 'vitest'
import { Seal } from './seal.ts'

const place = 'squall:run:1:orders'
const order = { type: 'stop', drainMs: 5, bytes: new Uint8Array([1, 2, 3]) }
const open = new Seal(undefined)
const secret = new Seal('open sesame')
const otherSecret = expect.objectContaining({ code: 'FABRIC_OTHER_SECRET' }) as Error

test.each([
  ['without a secret', open],
  ['with one', secret],
])('what was closed %s is opened as it was', (_, seal) => {
  expect(seal.open(seal.close(order, place), place)).toEqual(order)
})

test('without the secret nothing is read, written, or put elsewhere', () => {
  const sealed = secret.close(order, place)
  expect(sealed.toString('latin1')).not.toContain('drainMs')
  for (const stranger of [open, new Seal('open barley')]) expect(() => stranger.open(sealed, place)).toThrow(otherSecret)
  expect(() => secret.open(open.close(order, place), place)).toThrow(otherSecret)
  expect(() => secret.open(sealed, 'squall:run:2:orders')).toThrow(otherSecret)
  expect(() => secret.open(Buffer.concat([sealed.subarray(0, -1), Buffer.of(0)]), place)).toThrow(otherSecret)
  expect(() => secret.open(sealed.subarray(0, 9), place)).toThrow(otherSecret)
})

test('what somebody else wrote is told as that', () => {
  const unreadable = expect.objectContaining({
    code: 'FABRIC_BAD_MESSAGE',
    message: `what lies at ${place} cannot be read`,
  }) as Error
  for (const bytes of [Buffer.from('\0hello'), Buffer.alloc(0)]) expect(() => open.open(bytes, place)).toThrow(unreadable)
})
