import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileArgumentCheck } from './check-arguments.ts'
import { exampleArguments } from './example-arguments.ts'

const object = (properties: object, required = Object.keys(properties)): Record<string, unknown> => ({
  type: 'object',
  properties,
  required,
})
/** The one argument made up for a schema. */
const exampleOf = (schema: object): unknown => exampleArguments(object({ value: schema }))['value']

test.each<[string, object, unknown]>([
  ['a constant', { const: 'only' }, 'only'],
  ['a default', { type: 'string', default: 'usual' }, 'usual'],
  ['an example', { type: 'string', examples: ['shown'] }, 'shown'],
  ['an enum', { enum: ['first', 'second'] }, 'first'],
  ['a least number', { type: 'integer', minimum: 10 }, 10],
  ['a greatest number', { type: 'number', maximum: -2 }, -2],
  ['an open bound', { type: 'integer', exclusiveMinimum: 4 }, 5],
  ['a step', { type: 'integer', minimum: 7, multipleOf: 5 }, 10],
  ['a step below its greatest', { type: 'integer', maximum: 4, minimum: -9, multipleOf: 7 }, 0],
  ['no bounds', { type: 'number' }, 1],
  ['a switch', { type: 'boolean' }, false],
  ['nothing', { type: 'null' }, null],
  ['a nullable text', { type: ['null', 'string'], maxLength: 3 }, 'exa'],
  ['a choice', { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 2 }] }, 2],
  ['parts', { allOf: [{ type: 'integer' }, { minimum: 3 }] }, 3],
  ['a format', { type: 'string', format: 'date' }, '2026-01-15'],
  ['a long text', { type: 'string', minLength: 9 }, 'examplexx'],
  ['SQL by its description', { type: 'string', description: 'The SQL to run' }, 'SELECT 1'],
  ['a list', { type: 'array', items: { type: 'integer', minimum: 4 }, minItems: 2 }, [4, 4]],
  ['an object', object({ id: { type: 'integer' }, note: {} }, ['id']), { id: 1 }],
  ['an enum that begins with a template', { enum: ['{{ x }}', 'plain'] }, 'plain'],
  ['a default that would be a template', { type: 'string', default: '{{ x }}' }, 'example'],
])('%s is made up as the schema says', (_, schema, expected) => {
  expect(exampleOf(schema)).toEqual(expected)
})

test('arguments are called by names a person would believe', () => {
  const text = { type: 'string' }
  expect(exampleArguments(object({ url: text, email: text, path: text, sql: text, message: text }))).toEqual({
    url: 'https://example.com/',
    email: 'ann@example.com',
    path: '.',
    sql: 'SELECT 1',
    message: 'hello from a load test',
  })
})

test('what is not required is left out', () => {
  expect(exampleArguments(object({ id: { type: 'integer' }, limit: { type: 'integer' } }, ['id']))).toEqual({ id: 1 })
})

test('references are followed, also to where they came from', () => {
  const tree = { type: 'object', properties: { name: { type: 'string' }, child: { $ref: '#/$defs/tree' } }, required: ['name'] }
  expect(exampleArguments({ ...object({ root: { $ref: '#/$defs/tree' } }), $defs: { tree } })).toEqual({
    root: { name: 'example' },
  })
  const endless = { type: 'object', properties: { again: { $ref: '#/$defs/endless' } }, required: ['again'] }
  expect(exampleArguments({ ...object({ root: { $ref: '#/$defs/endless' } }), $defs: { endless } })).toHaveProperty('root.again')
  expect(exampleArguments(object({ root: { $ref: 'https://elsewhere/schema' } }))).toEqual({ root: 'example' })
})

test('whatever the schema, arguments made up for it satisfy it', () => {
  const number = fc
    .record({
      minimum: fc.integer({ min: -1000, max: 1000 }),
      span: fc.integer({ min: 0, max: 1000 }),
      type: fc.constantFrom('integer', 'number'),
    })
    .map(({ minimum, span, type }) => ({ type, minimum, maximum: minimum + span }))
  const text = fc
    .record({ minLength: fc.nat(30), extra: fc.nat(30) })
    .map(({ minLength, extra }) => ({ type: 'string', minLength, maxLength: minLength + extra + 1 }))
  const formatted = fc
    .constantFrom('date-time', 'date', 'time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid')
    .map((format) => ({
      type: 'string',
      format,
    }))
  const leaf = fc.oneof(
    number,
    text,
    formatted,
    fc.constant({ type: 'boolean' }),
    // Where every value would be a template, nothing can be made up.
    fc
      .tuple(
        fc.string().filter((value) => !value.includes('{{')),
        fc.array(fc.string()),
      )
      .map(([one, more]) => ({ enum: [...more, one] })),
  )
  const { schema } = fc.letrec<{ schema: object }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 }).map((properties) => object(properties)),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), schema, { maxKeys: 5 }), (properties) => {
      const inputSchema = object(properties)
      expect(compileArgumentCheck(inputSchema)(exampleArguments(inputSchema))).toEqual([])
    }),
    { numRuns: 150 },
  )
})
