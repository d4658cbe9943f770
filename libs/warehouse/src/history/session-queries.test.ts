import { expect, test } from 'vitest'
import { rememberedIds, SessionQueries } from './session-queries.ts'

test('queries are counted from both ends', () => {
  const queries = new SessionQueries()
  expect(queries.at(-1)).toBeNull()
  for (const id of ['a', 'b', 'c']) queries.add(id)
  expect([-1, -2, -3, -4].map((position) => queries.at(position))).toEqual(['c', 'b', 'a', null])
  expect([1, 3, 4, 0].map((position) => queries.at(position))).toEqual(['a', 'c', null, null])
})

test('the oldest are forgotten, and the others keep their numbers', () => {
  const queries = new SessionQueries()
  for (let index = 1; index <= rememberedIds + 5; index += 1) queries.add(`q${index}`)
  expect(queries.at(5)).toBeNull()
  expect(queries.at(6)).toBe('q6')
  expect(queries.at(-1)).toBe(`q${rememberedIds + 5}`)
})
