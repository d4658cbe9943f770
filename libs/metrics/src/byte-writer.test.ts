import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const text = fc.string({ unit: 'grapheme' })

test('numbers and texts are read as they were written, however little room there was at first', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(number, fc.double(), text, fc.uint8Array())), fc.nat(20), (written, firstBytes) => {
      const writer = new ByteWriter(firstBytes)
      for (const [count, amount, words, bytes] of written) {
        writer.varint(count)
        writer.float(amount)
        writer.text(words)
        writer.varint(bytes.length)
        writer.bytes(bytes)
      }
      const reader = new ByteReader(writer.take())
      const read = written.map(() => [reader.varint(), reader.float(), reader.text(), reader.bytes(reader.varint())])
      expect(read).toEqual(written)
      expect(reader.bytesLeft).toBe(0)
      expect(writer.take()).toHaveLength(0)
    }),
  )
})

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%s is no count, and is not written as one', (value) => {
  const writer = new ByteWriter(8)
  expect(() => writer.varint(value)).toThrow(`${value} is not a count`)
  expect(writer.take()).toHaveLength(0)
})
