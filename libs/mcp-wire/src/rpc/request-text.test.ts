import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { McpRequest } from '../mcp-connection.ts'
import { requestBody, requestText } from './request-text.ts'

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

test('the size of a request is that of its text, whatever stands in it', () => {
  const id = fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' }))
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(id, text, fc.option(text, { nil: undefined }), fc.boolean(), (id, argument, meta, wantsProgress) => {
      const request = { ...call, paramsJson: JSON.stringify({ name: 'echo', argument }), wantsProgress }
      const body = requestBody(request, id, meta === undefined ? undefined : JSON.stringify({ meta }))
      expect(body.bytes).toBe(Buffer.byteLength(body.text))
    }),
  )
})
