import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillForm } from './fill-form.ts'

test('defaults fill in a form, given values go first, and optional fields without either stay empty', () => {
  const properties = {
    name: { type: 'string', default: 'John' },
    age: { type: 'integer', default: 30 },
    city: { type: 'string', default: 'Bern' },
    note: { type: 'string' },
  }
  expect(fillForm({ type: 'object', properties }, { city: 'Basel', unknown: 1 })).toEqual({
    name: 'John',
    age: 30,
    city: 'Basel',
  })
})

test.each([
  [{ type: 'string' }, ''],
  [{ type: 'string', minLength: 3 }, 'xxx'],
  [{ type: 'string', format: 'email' }, 'client@example.com'],
  [{ type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z'],
  [{ type: 'string', enum: ['red', 'green'] }, 'red'],
  [{ type: 'string', oneOf: [{ const: '#f00', title: 'Red' }] }, '#f00'],
  [{ type: 'number' }, 0],
  [{ type: 'integer', minimum: 2.5 }, 3],
  [{ type: 'number', minimum: 0.2, maximum: 0.8 }, 0.2],
  [{ type: 'boolean' }, false],
  [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, []],
  [{ type: 'array', minItems: 1, items: { anyOf: [{ const: 'a', title: 'A' }] } }, ['a']],
])('the least that is valid for the required field %j is %j', (field, value) => {
  expect(fillForm({ properties: { it: field }, required: ['it'] })).toEqual({ it: value })
})

test('what is filled in is valid, whatever fields a server may ask for', () => {
  const text = fc.record({ type: fc.constant('string'), minLength: fc.nat(9) }, { requiredKeys: ['type'] })
  const formatted = fc.record({ type: fc.constant('string'), format: fc.constantFrom('email', 'uri', 'date', 'date-time') })
  const amount = fc.record(
    { type: fc.constantFrom('number', 'integer'), minimum: fc.integer({ min: -9, max: 9 }) },
    { requiredKeys: ['type'] },
  )
  const choice = fc.record({ type: fc.constant('string'), enum: fc.uniqueArray(fc.string(), { minLength: 1 }) })
  const field = fc.oneof(text, formatted, amount, choice, fc.constant({ type: 'boolean' }))
  const ajv = new Ajv({ strict: false })
  // The types of the module call its function a default export of a default export.
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), field), (properties) => {
      const schema = { type: 'object', properties, required: Object.keys(properties) }
      expect(ajv.validate(schema, fillForm(schema)), JSON.stringify(ajv.errors)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test.each([[undefined], [[]], [{ properties: 3, required: 'x' }], [{ properties: { a: 1 }, required: ['a', 'b'] }]])(
  'what is no form is left empty: %j',
  (schema) => {
    expect(fillForm(schema)).toEqual({})
  },
)
