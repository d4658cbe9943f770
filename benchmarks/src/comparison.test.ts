import { expect, test } from 'vitest'
import { chosen, renderJudgements, renderMeasured, type Comparison } from './comparison.ts'
import type { Contender, Rounds } from './rounds.ts'

const contender = (name: string): Contender => ({ name, measure: () => Promise.resolve({}) })
const comparison = (name: string, ...contenders: readonly string[]): Comparison => ({
  name,
  contenders: contenders.map(contender),
  goals: [],
  figures: [],
})
const namesOf = (comparisons: readonly Comparison[]): unknown =>
  comparisons.map(({ name, contenders }) => [name, ...contenders.map((one) => one.name)])

test('settings leave out comparisons by a part of their name, and contenders by all of it', () => {
  const all = [comparison('small', 'a', 'b'), comparison('smaller', 'b'), comparison('large', 'a')]
  expect(namesOf(chosen(all, { only: 'small', without: ['b', 'x'] }))).toEqual([['small', 'a']])
  expect(chosen(all, { only: '', without: [] })).toEqual(all)
})

test('a table has a row for each contender, and a column for how all stood to each but the first', () => {
  const measured: Rounds[] = [
    { name: 'ours', figures: [{ calls: 30, lag: 1 }] },
    { name: 'theirs', figures: [{ calls: 20, lag: 2 }] },
  ]
  const table = renderMeasured(measured, [
    { figure: 'calls', digits: 0, ratios: true },
    { figure: 'lag', digits: 1 },
  ])
  expect(table.split('\n')).toEqual([
    '|  | calls | ÷ theirs | lag |',
    '| --- | ---: | ---: | ---: |',
    '| ours | 30 (30 to 30) | 1.50 (1.50 to 1.50) | 1.0 (1.0 to 1.0) |',
    '| theirs | 20 (20 to 20) | 1 | 2.0 (2.0 to 2.0) |',
  ])
})

test('a verdict stands behind its goal and what was measured', () => {
  expect(renderJudgements([{ goal: 'a', median: 1.234, least: 1, most: 2, verdict: 'MISS' }])).toContain(
    '| a | 1.23 (1.00 to 2.00) | MISS |',
  )
})
