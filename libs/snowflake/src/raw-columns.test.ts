import { expect, test } from 'vitest'
import { readRaw } from './raw-columns.ts'

test('a driver whose columns read otherwise is refused, rather than trusted to convert', () => {
  // A column as a later driver might have it.
  const strange = { getName: () => 'A', getIndex: () => 0 } as unknown as Parameters<typeof readRaw>[0][number]
  expect(() => readRaw([strange])).toThrow(expect.objectContaining({ code: 'SNOWFLAKE_BAD_VALUE' }))
})
