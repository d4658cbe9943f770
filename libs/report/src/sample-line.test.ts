import { expect, test } from 'vitest'
import { exampleOf } from './sample-line.ts'

const sample = {
  code: 'http.500',
  method: 'tools/call',
  name: 'echo',
  message: 'status 500',
  request: '{}',
  reply: 'oops',
  serviceMs: 1,
}

test('the first failed call of a code is one line; a tool speaks for itself', () => {
  const other = { ...sample, name: 'later' }
  const own = { ...sample, code: 'tool.is_error' }
  const opening = { ...sample, code: 'rpc.-32601', method: 'ping', name: '' }
  expect(exampleOf('http.500', [sample, other])).toBe('echo: status 500')
  expect(exampleOf('tool.is_error', [own])).toBe('echo: answered oops')
  expect(exampleOf('rpc.-32601', [opening])).toBe('ping: status 500')
  expect(exampleOf('http.404', [sample])).toBe('')
})
