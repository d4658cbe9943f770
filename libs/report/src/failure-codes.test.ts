import { expect, test } from 'vitest'
import { explainFailure } from './failure-codes.ts'

test.each([
  ['tool.is_error', 'isError'],
  ['tool.input_required', 'asked for input'],
  ['http.429', 'rate limit'],
  ['http.418', 'refused the request'],
  ['http.599', 'failed with this HTTP status'],
  ['rpc.-32603', 'JSON-RPC error'],
  ['transport.refused', 'Nothing accepted the connection'],
  ['transport.other', 'connection failed'],
  ['protocol.wrong_id', 'another request'],
  ['protocol.truncated', 'broke off'],
  ['protocol.bad_reply', 'not what MCP allows'],
  ['match.failed', 'not what the pack expects'],
  ['stopped', 'The run ended'],
])('%s is explained', (code, words) => expect(explainFailure(code)).toContain(words))

test.each(['', 'odd', 'http.2000', 'http.', 'constructor', '__proto__', 'toString'])('%j is not made up', (code) => {
  expect(explainFailure(code)).toBeUndefined()
})
