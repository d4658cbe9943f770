import type { WireEvent } from '@squall/mcp-wire'
import { expect, test } from 'vitest'
import { createWirePrinter } from './wire-printer.ts'

const event: WireEvent = { direction: 'sent', atMs: 2_500, exchange: 3, carrier: 'POST /mcp', headers: {}, text: '' }

function printed(...events: readonly Partial<WireEvent>[]): string {
  let text = ''
  const printer = createWirePrinter({ startMs: 1_000, color: false, write: (part) => void (text += part) })
  for (const one of events) printer.heard({ ...event, ...one })
  return text
}

test('a message is told with its time, its way, and what carried it', () => {
  expect(printed({ text: '{"id":1}' })).toBe('   1.500 s → #3 POST /mcp\n             {"id":1}\n')
  const { exchange: _, ...single } = event
  expect(printed({ ...single, exchange: undefined as never, direction: 'received', carrier: '', text: '{"id":1}' })).toBe(
    '   1.500 s ←\n             {"id":1}\n',
  )
})

test('a long message is laid out, also as the data of an event', () => {
  const long = { text: 'x'.repeat(120) }
  expect(printed({ text: JSON.stringify(long) })).toMatch(/\n {13}\{\n {15}"text": "x+"\n {13}}\n$/)
  expect(printed({ text: `event: message\ndata: ${JSON.stringify(long)}\n\n` })).toMatch(
    /event: message\n {13}data: \{\n {15}"text"/,
  )
})

test('what looks like a secret is left out, in headers and messages alike', () => {
  const headers = {
    authorization: 'Bearer s3cret',
    'X-Api-Key': 's3cret',
    cookie: 'a=s3cret',
    'mcp-session-id': 'abc',
    accept: '*/*',
  }
  const text = printed({ headers, text: '{"password":"s3cret","url":"http://ann:s3cret@h"}' })
  expect(text).not.toContain('s3cret')
  expect(text).toContain('authorization: ***')
  expect(text).toContain('mcp-session-id: abc')
  expect(text).not.toContain('accept')
})

test('what is nested too deep to be laid out is shown as it came', () => {
  expect(printed({ text: '['.repeat(100_000) + ']'.repeat(100_000) })).toMatch(/\n {13}\[{2000}…\n$/)
})

test('what is endless is cut, and nothing a server says steers the terminal', () => {
  expect(
    printed({ text: 'line\n'.repeat(500) })
      .trimEnd()
      .split('\n'),
  ).toHaveLength(62)
  expect(printed({ text: 'line\n'.repeat(500) })).toContain('… and 440 more lines')
  expect(printed({ text: 'y'.repeat(5_000) }).length).toBeLessThan(2_100)
  expect(printed({ text: 'a\u001b[2Jb' })).toContain('a�[2Jb')
  expect(printed({ text: '{not json' })).toContain('{not json')
})

test('an end that says nothing is not told', () => {
  expect(printed({ carrier: '', text: '\n' })).toBe('')
})
