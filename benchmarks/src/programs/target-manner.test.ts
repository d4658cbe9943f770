import { expect, test } from 'vitest'
import { toManner } from './target-manner.ts'

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4)

test('a reply has the size that its URL asks for, and says how long it is', () => {
  for (const bytes of [1300, 10_240]) {
    const answer = toManner(`/mcp?bytes=${bytes}`).toolResult('12345')
    expect(bodyOf(answer)).toHaveLength(bytes)
    expect(answer).toContain(`content-length: ${bytes}\r\n`)
    expect(JSON.parse(bodyOf(answer))).toMatchObject({ jsonrpc: '2.0', id: 12_345, result: { content: [{ type: 'text' }] } })
  }
})

test('a streamed reply is one event in one chunk, and the end of the stream', () => {
  const [size = '', event = '', , , end] = bodyOf(toManner('/mcp?reply=sse').toolResult('"a"')).split('\r\n')
  expect(event).toHaveLength(Number.parseInt(size, 16))
  expect(event).toMatch(/^event: message\ndata: \{"jsonrpc":"2.0","id":"a",.*\}\n\n$/)
  expect(end).toBe('')
})

test('the newest era says that a result is complete', () => {
  expect(JSON.parse(bodyOf(toManner('/mcp?era=modern').toolResult('1')))).toMatchObject({ result: { resultType: 'complete' } })
})

test('sessions are handed out only where the URL asks for them', () => {
  expect(toManner('/mcp?sessions=1').initialized('1', '2025-11-25', 7)).toContain(
    'mcp-session-id: 00000000-0000-4000-8000-000000000007',
  )
  expect(toManner('/mcp').initialized('1', '2025-11-25', 7)).not.toContain('mcp-session-id')
})
