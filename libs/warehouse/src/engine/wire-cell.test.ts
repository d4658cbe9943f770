import {
  blobValue,
  dateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  decimalValue,
  type DuckDBValue,
  listValue,
  mapValue,
  structValue,
} from '@duckdb/node-api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toWireCell } from './wire-cell.ts'

const cases: readonly (readonly [DuckDBValue, string | null])[] = [
  [null, null],
  ['text', 'text'],
  [true, '1'],
  [false, '0'],
  [1.5, '1.5'],
  [-0, '0'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  [2n ** 100n, '1267650600228229401496703205376'],
  [decimalValue(-12345n, 10, 3), '-12.345'],
  [dateValue(-1), '-1'],
  [new DuckDBTimeValue(1_500_000n), '1.500000000'],
  [new DuckDBTimestampValue(-1_500_000n), '-1.500000000'],
  [new DuckDBTimestampTZValue(1n), '0.000001000'],
  [new DuckDBTimestampNanosecondsValue(1n), '0.000000001'],
  [new DuckDBTimestampMillisecondsValue(-1n), '-0.001000000'],
  [new DuckDBTimestampSecondsValue(7n), '7.000000000'],
  [blobValue(new Uint8Array([0, 255])), '00FF'],
  [listValue([1n, null, 'a"b', listValue([true])]), '[1,null,"a\\"b",[true]]'],
  [structValue({ a: 1, d: dateValue(0) }), '{"a":1,"d":"1970-01-01"}'],
  [mapValue([{ key: 'k', value: decimalValue(15n, 3, 1) }]), '{"k":1.5}'],
]

test.each(cases)('%s is %j on the wire', (value, text) => expect(toWireCell(value)).toBe(text))

test('a timestamp loses nothing on the wire', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 17n), 10n ** 17n), (micros) => {
      const text = toWireCell(new DuckDBTimestampValue(micros)) ?? ''
      expect(text).toMatch(/^-?\d+\.\d{9}$/)
      expect(BigInt(text.replace('.', ''))).toBe(micros * 1000n)
    }),
  )
})
