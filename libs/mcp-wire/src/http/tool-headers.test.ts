import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../index.ts'
import { isObject } from '../rpc/message.ts'
import { ToolHeaders } from './tool-headers.ts'

const toolWith = (properties: JsonObject, name = 'search'): JsonObject => ({ name, inputSchema: { type: 'object', properties } })

function headersOf(properties: JsonObject, args: JsonObject): readonly string[] | undefined {
  const headers = new ToolHeaders()
  headers.learn({ tools: [toolWith(properties)] })
  return headers.headersFor({
    method: 'tools/call',
    name: 'search',
    paramsJson: JSON.stringify({ name: 'search', arguments: args }),
  })
}

test('annotated arguments travel in headers as text, others do not', () => {
  const properties = {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    limit: { type: 'integer', 'x-mcp-header': 'Limit' },
    deep: { type: 'boolean', 'x-mcp-header': 'Deep' },
    query: { type: 'string' },
  }
  const args = { region: 'us-west1', limit: 0, deep: false, query: 'x' }
  expect(headersOf(properties, args)).toEqual(['mcp-param-region', 'us-west1', 'mcp-param-limit', '0', 'mcp-param-deep', 'false'])
})

test('an argument that is null or missing has no header', () => {
  const properties = { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'B' } }
  expect(headersOf(properties, { a: null })).toEqual([])
})

test('an argument within another one is found, and one that does not lie where it should is not', () => {
  const properties = { at: { type: 'object', properties: { city: { type: 'string', 'x-mcp-header': 'City' } } } }
  expect(headersOf(properties, { at: { city: 'Zürich' } })).toEqual([
    'mcp-param-city',
    `=?base64?${Buffer.from('Zürich').toString('base64')}?=`,
  ])
  expect(headersOf(properties, { at: 'Bern' })).toEqual([])
})

test.each([
  [{ a: { type: 'string', 'x-mcp-header': '' } }],
  [{ a: { type: 'string', 'x-mcp-header': 'My Region' } }],
  [{ a: { type: 'string', 'x-mcp-header': 'Région' } }],
  [{ a: { type: 'string', 'x-mcp-header': 7 } }],
  [{ a: { type: 'number', 'x-mcp-header': 'A' } }],
  [{ a: { type: 'object', 'x-mcp-header': 'A' } }],
  [{ a: { type: 'string', 'x-mcp-header': 'Same' }, b: { type: 'string', 'x-mcp-header': 'same' } }],
])('a tool with the annotations %j is not shown, and the others are', (properties) => {
  const headers = new ToolHeaders()
  const fine = toolWith({}, 'fine')
  expect(headers.learn({ tools: [toolWith(properties), fine], nextCursor: 'x' })).toEqual({ tools: [fine], nextCursor: 'x' })
})

test('a later list replaces what an earlier one said of a tool', () => {
  const headers = new ToolHeaders()
  const call = { method: 'tools/call', name: 'search', paramsJson: '{"name":"search","arguments":{"a":"x"}}' }
  headers.learn({ tools: [toolWith({ a: { type: 'string', 'x-mcp-header': 'A' } })] })
  expect(headers.headersFor(call)).toEqual(['mcp-param-a', 'x'])
  expect(headers.headersFor({ ...call, method: 'prompts/get' })).toBeUndefined()
  headers.learn({ tools: [toolWith({ a: { type: 'string' } })] })
  expect(headers.headersFor(call)).toBeUndefined()
})

test('whatever a server writes in its list, it is read without a failure and nothing valid is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (tools, odd) => {
      const headers = new ToolHeaders()
      const fine = toolWith({ a: { type: 'string' } }, 'fine')
      const learned = headers.learn({ tools: [...tools, { name: 'odd', inputSchema: odd }, fine] })
      expect(learned['tools']).toContainEqual(fine)
      expect(isObject(headers.learn({ tools: odd }))).toBe(true)
    }),
  )
})
