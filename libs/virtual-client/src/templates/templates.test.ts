import type { Json } from '@squall/load-plan'
import { seededRandom } from '@squall/time'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { compileExpression } from './expression.ts'
import { findTemplateMistakes } from './find-template-mistakes.ts'
import { compileJson } from './json-template.ts'
import type { Variables } from './template-scope.ts'
import { compileText } from './text-template.ts'

const render = (value: Json, variables: Variables = {}): unknown =>
  JSON.parse(compileJson(value).render({ variables, random: seededRandom(1) })) as unknown

afterEach(() => vi.unstubAllEnvs())

test('what holds no template is serialised once, and comes back as it was', () => {
  const tree = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('{{'))
  fc.assert(
    fc.property(tree, (value) => {
      // JSON itself, as fast-check promises.
      const { fixed } = compileJson(value as Json)
      expect(fixed).toBe(JSON.stringify(value))
    }),
  )
})

test('any value passes through a whole template with its type', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // JSON itself, as fast-check promises; only its text survives the trip, so that is compared.
      const { render } = compileJson({ a: ['{{ x }}', 'b'] })
      expect(render({ variables: { x: value as Json }, random: seededRandom(1) })).toBe(`{"a":[${JSON.stringify(value)},"b"]}`)
    }),
  )
})

test('any text within a text stays valid JSON', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(render('a {{ x }}!', { x: text })).toBe(`a ${text}!`)
    }),
  )
})

test.each<[Json, Variables, unknown]>([
  ['{{ rows[1].id }}', { rows: [{ id: 1 }, { id: 2 }] }, 2],
  ['{{ rows[9].id }}', { rows: [] }, null],
  ['{{ nothing }}', {}, null],
  ['is {{ nothing }} {{ x }} {{ list }}', { x: true, list: [1] }, 'is  true [1]'],
  [{ 'a b': ['{{ x }}', 1, null, 'plain'] }, { x: 'y' }, { 'a b': ['y', 1, null, 'plain'] }],
  [{}, {}, {}],
  [[], {}, []],
  ['{{ x.constructor }}', { x: {} }, null],
  ['{{ $env.SQUALL_TEST_REGION }}', {}, 'north'],
  ['{{ $env.SQUALL_TEST_MISSING }}', {}, ''],
])('%j with %j renders as %j', (template, variables, rendered) => {
  vi.stubEnv('SQUALL_TEST_REGION', 'north')
  expect(render(template, variables)).toEqual(rendered)
})

test('functions draw from the random source of their client, within what they promise', () => {
  const random = seededRandom(7)
  const draw = (template: string): string => compileText(template).render({ variables: {}, random })
  const numbers = Array.from({ length: 500 }, () => Number(draw('{{ $randomNumber(3, 5) }}')))
  expect(new Set(numbers)).toEqual(new Set([3, 4, 5]))
  expect(Number(draw('{{ $randomNumber }}'))).toBeLessThanOrEqual(100)
  expect(draw('{{ $randomString(12) }}')).toMatch(/^[A-Za-z0-9]{12}$/)
  expect(draw('{{ $randomString() }}')).toHaveLength(10)
  const ids = Array.from({ length: 100 }, () => draw('{{ $uuid }}'))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(100)
  expect(compileText('{{ $uuid }}').render({ variables: {}, random: seededRandom(7) })).toBe(
    compileText('{{ $uuid }}').render({ variables: {}, random: seededRandom(7) }),
  )
})

test.each([
  ['{{ $randomNumbr(1) }}', 'a known function; did you mean $randomNumber?'],
  ['{{ $zzz() }}', 'one of the functions $randomNumber, $randomString, $uuid'],
  ['{{ $randomNumber(1, 2, 3) }}', '$randomNumber with 0 to 2 numbers'],
  ['{{ $randomNumber(1, x) }}', '$randomNumber with 0 to 2 numbers'],
  ['{{ $randomNumber(1,) }}', '$randomNumber with 0 to 2 numbers'],
  ['{{ a b }}', 'a variable such as'],
  ['{{ }}', 'a variable such as'],
])('%s is a mistake, and says what was expected', (template, expected) => {
  expect(findTemplateMistakes({ a: [template] }, 'x')).toMatchObject([
    { where: 'x.a[0]', expected: expect.stringContaining(expected) as string },
  ])
  expect(() => compileText(template)).toThrow(expected)
})

test('a brace that is never closed is a mistake', () => {
  expect(findTemplateMistakes('{{ a }} {{ b', 'x')).toMatchObject([{ where: 'x', expected: '"}}" after every "{{"' }])
})

test('any text whatever is either a template or a mistake that says so', () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      const compiled = compileExpression(source)
      expect(compiled.ok || compiled.expected !== '').toBe(true)
    }),
  )
})
