import { expect, test } from 'vitest'
import { cellReader } from './to-cell.ts'

test.each([
  ['fixed', '42', 42],
  ['fixed', '99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  ['fixed', '12.50', 12.5],
  ['real', '0.1', 0.1],
  ['real', '1e300', 1e300],
  ['real', 'NaN', 'NaN'],
  ['real', '-Infinity', '-Infinity'],
  ['boolean', '1', true],
  ['boolean', '0', false],
  ['boolean', 'TRUE', true],
  ['boolean', 'false', false],
  ['text', '', ''],
  ['text', 'null', 'null'],
  ['binary', 'DEADBEEF', 'DEADBEEF'],
  ['date', '0', '1970-01-01'],
  ['date', '19782', '2024-02-29'],
  ['date', '-719162', '0001-01-01'],
  ['date', '2932896', '9999-12-31'],
  ['time', '0.000000000', '00:00:00'],
  ['time', '86399.999999999', '23:59:59.999999999'],
  ['time', '45296.5', '12:34:56.5'],
  ['timestamp_ntz', '1709208000.123456789', '2024-02-29T12:00:00.123456789'],
  ['timestamp_ntz', '1709208000.000000000', '2024-02-29T12:00:00'],
  ['timestamp_ntz', '-0.500000000', '1969-12-31T23:59:59.5'],
  ['timestamp_ntz', '-86400', '1969-12-31T00:00:00'],
  ['timestamp_ntz', '-1.000000001', '1969-12-31T23:59:58.999999999'],
  ['timestamp_ltz', '1709208000.100', '2024-02-29T12:00:00.1Z'],
  ['timestamp_tz', '1709208000.000000000 1560', '2024-02-29T14:00:00+02:00'],
  ['timestamp_tz', '1709208000 1110', '2024-02-29T06:30:00-05:30'],
  ['timestamp_tz', '0 1440', '1970-01-01T00:00:00+00:00'],
  ['variant', '{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
  ['variant', '12345678901234567890', '12345678901234567890'],
  ['variant', '{"id":9007199254740993,"n":1.5}', { id: '9007199254740993', n: 1.5 }],
  ['array', '[ 1, undefined ]', '[ 1, undefined ]'],
  ['object', '<a>1</a>', '<a>1</a>'],
  ['map', '{"k":1}', { k: 1 }],
  ['vector', '[1.5,2]', [1.5, 2]],
  ['geography', '{"type":"Point","coordinates":[1,2]}', { type: 'Point', coordinates: [1, 2] }],
  ['interval of the future', 'P1D', 'P1D'],
])('%s %s is read as %j', (type, text, cell) => expect(cellReader(type)(text)).toEqual(cell))

test.each(['fixed', 'text', 'time', 'variant', 'boolean'])('NULL of type %s is null, never text', (type) => {
  expect(cellReader(type)(null)).toBeNull()
})

test('text that would be a program stays text', () => {
  const evil = '(() => { globalThis.pwned = true })()'
  expect(cellReader('variant')(evil)).toBe(evil)
  expect(globalThis).not.toHaveProperty('pwned')
})

test('values the service sends as JSON numbers and booleans are kept', () => {
  expect(cellReader('fixed')(5)).toBe(5)
  expect(cellReader('boolean')(true)).toBe(true)
})

test.each([
  ['boolean', 'maybe'],
  ['date', 'tomorrow'],
  ['time', ''],
  ['timestamp_ntz', '1.2.3'],
  ['timestamp_tz', '1709208000'],
  ['timestamp_tz', '1709208000 9000'],
  ['text', undefined],
  ['text', { a: 1 }],
])('a %s that came as %j is refused, not guessed at', (type, raw) => {
  expect(() => cellReader(type)(raw)).toThrow(TypeError)
})
