import { expect, test } from 'vitest'
import type { McpRequest } from '../mcp-connection.ts'
import { requestText } from './request-text.ts'

const call: McpRequest = { method: 'tools/call', name: 'echo', paramsJson: '{"name":"echo"}' }
const ping: McpRequest = { method: 'ping', paramsJson: '{}' }

const read = (...args: Parameters<typeof requestText>): unknown => JSON.parse(requestText(...args))

test('requests that take turns keep their own parameters, ids and facts about the sender', () => {
  for (let id = 1; id < 4; id++) {
    expect(read(call, id, undefined)).toEqual({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo' } })
    expect(read(call, `${id}"`, undefined)).toMatchObject({ id: `${id}"`, params: { name: 'echo' } })
    expect(read(call, id, `{"of":${id}}`)).toMatchObject({ id, params: { name: 'echo', _meta: { of: id } } })
    expect(read(ping, id, `{"of":${id}}`)).toEqual({ jsonrpc: '2.0', id, method: 'ping', params: { _meta: { of: id } } })
  }
})

test('a request that wants to hear of progress names its own id, each time it is sent', () => {
  const curious = { ...call, wantsProgress: true }
  for (const id of [1, 2, 'three']) {
    expect(read(curious, id, undefined)).toMatchObject({ id, params: { _meta: { progressToken: id } } })
    expect(read(curious, id, '{"a":1}')).toMatchObject({ id, params: { name: 'echo', _meta: { a: 1, progressToken: id } } })
  }
})
