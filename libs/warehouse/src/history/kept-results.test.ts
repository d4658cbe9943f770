import { expect, test } from 'vitest'
import type { StatementResult } from '../engine/engine.ts'
import { toTableResult } from '../engine/table-result.ts'
import { KeptResults } from './kept-results.ts'

const sized = (rowCount: number): StatementResult => ({ ...toTableResult([['a', 'text']], [], 0x1000), rowCount })

test('results are kept up to a number and a size, and the oldest goes first', () => {
  const kept = new KeptResults()
  for (let index = 0; index < 5_001; index += 1) kept.add(`q${index}`, { user: 'ANA', result: sized(1) })
  expect(kept.get('q0')).toBeUndefined()
  expect(kept.get('q1')).toMatchObject({ user: 'ANA' })
  kept.add('large', { user: 'ANA', result: sized(4_999_000) })
  expect(kept.get('q4000')).toBeUndefined()
  expect(kept.get('q5000')).toBeDefined()
  kept.add('larger', { user: 'ANA', result: sized(6_000_000) })
  expect(kept.get('q5000')).toBeUndefined()
  expect(kept.get('larger')).toBeDefined()
})
