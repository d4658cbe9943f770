import { expect, test } from 'vitest'
import { compileArgumentCheck } from './check-arguments.ts'

const inputSchema = {
  type: 'object',
  properties: {
    query: { type: 'string', minLength: 3 },
    limit: { type: 'integer' },
    order: { enum: ['up', 'down'] },
    filter: { type: 'object', properties: { ids: { type: 'array', items: { type: 'integer' } } } },
    either: { anyOf: [{ type: 'object', properties: { a: { type: 'integer' } } }, { type: 'null' }] },
  },
  required: ['query'],
  additionalProperties: false,
}
const check = compileArgumentCheck(inputSchema)

test('arguments that fit are fine', () => {
  expect(check({ query: 'abc', limit: 1, order: 'up', filter: { ids: [1] } })).toEqual([])
})

test('every problem is told, with its place, its value and what the tool takes', () => {
  expect(check({ qurey: 'abc', limit: 'many', order: 'sideways', filter: { ids: [1, 'two'] } })).toEqual([
    { path: ['query'], expected: 'a value: the tool requires it' },
    {
      path: ['qurey'],
      expected: 'one of the arguments query, limit, order, filter, either',
      hint: 'did you mean query?',
    },
    { path: ['limit'], value: 'many', expected: 'a value of type integer' },
    { path: ['order'], value: 'sideways', expected: 'one of "up", "down"' },
    { path: ['filter', 'ids', '1'], value: 'two', expected: 'a value of type integer' },
  ])
  expect(check({ query: 'ab' })).toEqual([
    { path: ['query'], value: 'ab', expected: "what the tool's schema says: it must NOT have fewer than 3 characters" },
  ])
})

test('what a template puts in at run time is taken to be right, and only that', () => {
  expect(check({ query: '{{ sql }}', limit: '{{ n }}', order: '{{ o }}', filter: { ids: ['{{ i }}', 'two'] } })).toMatchObject([
    { path: ['filter', 'ids', '1'] },
  ])
  expect(check({ query: 'abc', either: { a: '{{ n }}' } })).toEqual([])
})

test('schemas of other drafts, and those with names of their own, are read too', () => {
  const older = compileArgumentCheck({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:x',
    type: 'object',
    properties: { pair: { items: [{ type: 'integer' }, { type: 'string' }] } },
  })
  expect(older({ pair: [1, 2] })).toMatchObject([{ path: ['pair', '1'] }])
  expect(compileArgumentCheck({ type: 'object', additionalProperties: false })({ x: 1 })).toMatchObject([
    { expected: 'no arguments' },
  ])
})

test('a schema that is none is told by its compiler', () => {
  expect(() => compileArgumentCheck({ type: 'objekt' })).toThrow(/type/)
})
