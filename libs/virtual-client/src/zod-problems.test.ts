import type { Problem } from '@squall/errors'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { toProblems, unknownKey } from './zod-problems.ts'

const expectedCount = 'a whole number'
const schema = z.strictObject({
  name: z.string(),
  limits: z.strictObject({ count: z.int(expectedCount).optional() }).optional(),
  parts: z.array(z.strictObject({ size: z.number() })).optional(),
  headers: z.record(z.string(), z.strictObject({ value: z.string() })).optional(),
  scaled: z
    .strictObject({ factor: z.number() })
    .transform(({ factor }) => factor)
    .optional(),
  odd: z
    .number()
    .superRefine((value, context) => {
      if (value % 2 === 0) context.addIssue({ code: 'custom', message: 'an odd number', params: { hint: `try ${value + 1}` } })
    })
    .optional(),
})

const isSecret = (path: readonly PropertyKey[]): boolean => path.includes('headers')

function problemsOf(input: unknown): readonly Problem[] {
  const { error } = schema.safeParse(input)
  return error === undefined ? [] : toProblems(error, { schema, input, locate: (path) => path.join('/'), isSecret })
}

test('a right input has no problems', () => {
  expect(problemsOf({ name: 'x', limits: { count: 1 }, odd: 3 })).toEqual([])
})

test.each<[unknown, Problem]>([
  [{}, { where: 'name', expected: 'a text' }],
  [{ name: 7 }, { where: 'name', value: 7, expected: 'a text' }],
  [
    { name: 'x', limits: { count: 'many' } },
    { where: 'limits/count', value: 'many', expected: expectedCount },
  ],
  [
    { name: 'x', odd: 4 },
    { where: 'odd', value: 4, expected: 'an odd number', hint: 'try 5' },
  ],
  [
    { name: 'x', nam: 'y' },
    { where: 'nam', expected: 'a known key', hint: 'did you mean name?' },
  ],
  [
    { name: 'x', limits: { cuont: 1 } },
    { where: 'limits/cuont', expected: 'a known key', hint: 'did you mean count?' },
  ],
  [
    { name: 'x', parts: [{ size: 1, zzz: 1 }] },
    { where: 'parts/0/zzz', expected: 'one of the keys size' },
  ],
  [
    { name: 'x', headers: { a: { value: 'v', zzz: 1 } } },
    { where: 'headers/a/zzz', expected: 'one of the keys value' },
  ],
  [
    { name: 'x', scaled: { factor: 1, zzz: 1 } },
    { where: 'scaled/zzz', expected: 'one of the keys factor' },
  ],
])('%j says where, what was found, what was expected, and how to mend it', (input, problem) => {
  expect(problemsOf(input)).toEqual([problem])
})

test('a secret is not shown', () => {
  expect(problemsOf({ name: 'x', headers: { a: { value: 5 } } })).toEqual([{ where: 'headers/a/value', expected: 'a text' }])
})

test('all problems are told at once', () => {
  expect(problemsOf({ nam: 'y', odd: 2 }).map(({ where }) => where)).toEqual(['name', 'odd', 'nam'])
})

test('where nothing is known, no key is right', () => {
  expect(unknownKey('place', 'key', [])).toEqual({ where: 'place', expected: 'no such key' })
})
