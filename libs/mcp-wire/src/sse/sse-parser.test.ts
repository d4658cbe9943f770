import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SseEvent, SseParser } from './sse-parser.ts'

function parse(...chunks: readonly (string | Buffer)[]): readonly SseEvent[] {
  const events: SseEvent[] = []
  const parser = new SseParser((event) => events.push(event), 1000)
  for (const chunk of chunks) expect(parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)).toBeUndefined()
  return events
}

const message = (data: string, lastEventId?: string): SseEvent => ({ type: 'message', data, lastEventId })

test('an event ends with an empty line, whatever ends the lines', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    expect(parse(`data: a${end}data:b${end}${end}data: c${end}${end}`)).toEqual([message('a\nb'), message('c')])
  }
})

test('comments, unknown fields and events without data or id are passed over', () => {
  expect(parse(': keep-alive\n\nfoo: bar\n\nevent: ping\n\n')).toEqual([])
})

test('an id without data is handed over, since a resumed stream begins there', () => {
  expect(parse('id: 7\n\ndata: x\n\n')).toEqual([message('', '7'), message('x', '7')])
})

test('an id with a zero character is ignored, and so is a retry that is no number', () => {
  const parser = new SseParser(() => undefined, 1000)
  parser.push(Buffer.from('id: a\0b\nretry: soon\n\n'))
  expect([parser.lastEventId, parser.retryMs]).toEqual([undefined, undefined])
  parser.push(Buffer.from('id: ab\nretry: 250\n\n'))
  expect([parser.lastEventId, parser.retryMs]).toEqual(['ab', 250])
})

test('a byte order mark at the start is no part of the first line', () => {
  expect(parse('\uFEFFdata: x\n\n')).toEqual([message('x')])
})

test('the name of an event holds for that event alone', () => {
  expect(parse('event: endpoint\ndata: /here\n\ndata: x\n\n').map(({ type }) => type)).toEqual(['endpoint', 'message'])
})

test('an event beyond the limit makes the stream be given up, in one line or in many', () => {
  const parser = new SseParser(() => undefined, 20)
  expect(parser.push(Buffer.from('data: 0123456789'))).toBeUndefined()
  expect(parser.push(Buffer.from('0123456789'))).toBe('too-large')
  const events: SseEvent[] = []
  const whole = new SseParser((event) => events.push(event), 20)
  expect(whole.push(Buffer.from(`data: ${'x'.repeat(21)}\n\n`))).toBe('too-large')
  expect(events).toEqual([])
  const manyLines = new SseParser(() => undefined, 20)
  expect(manyLines.push(Buffer.from('data: 0123456789\n'.repeat(3)))).toBe('too-large')
})

test('bytes that are no UTF-8 break the stream, and a cut within a character does not', () => {
  expect(parse(Buffer.from([...Buffer.from('data: '), 0xe2, 0x82]), Buffer.from([0xac, 10, 10]))).toEqual([message('€')])
  const parser = new SseParser(() => undefined, 1000)
  expect(parser.push(Buffer.from('data: \uFFFD\n\n'))).toBeUndefined()
  expect(parser.push(Buffer.from([0x64, 0xff, 10]))).toBe('no-utf8')
})

test('a carriage return and a line feed in two pieces are one line end', () => {
  expect(parse('data: a\r', '\n', 'data: b\r', '\n\r', '\n')).toEqual([message('a\nb')])
  expect(parse('data: a\r', '\n', '\n', 'data: b\n\n')).toEqual([message('a'), message('b')])
})

test('the same bytes give the same events however they are cut', () => {
  const line = fc.constantFrom('data: ä€😀', 'data:', 'data', 'id: 1', 'event: x', ': note', '', 'retry: 5', 'data: two words')
  const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 })
  fc.assert(
    fc.property(stream, fc.array(fc.nat(200), { maxLength: 8 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map(([text, end]) => text + end).join(''))
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length]
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      expect(parse(...chunks)).toEqual(parse(bytes))
    }),
  )
})
