import { expect, test } from 'vitest'
import { describeGoal, judge } from './goals.ts'
import type { Rounds } from './rounds.ts'

const rounds = (name: string, ...values: readonly number[]): Rounds => ({ name, figures: values.map((calls) => ({ calls })) })
const ratio = { candidate: 'ours', base: 'theirs', figure: 'calls', atLeast: 1.2 }

test('a ratio is judged by its median over the rounds, not by the ratio of the medians', () => {
  const measured = [rounds('ours', 10, 30, 13), rounds('theirs', 10, 20, 10)]
  expect(judge([ratio], measured)).toEqual([
    { goal: 'calls, ours ÷ theirs: at least 1.2', median: 1.3, least: 1, most: 1.5, verdict: 'PASS' },
  ])
  expect(judge([{ ...ratio, atLeast: 1.31 }], measured)).toMatchObject([{ verdict: 'MISS' }])
})

test('a limit reached exactly is kept', () => {
  const goal = { candidate: 'ours', figure: 'calls', atMost: 16 }
  expect(judge([goal], [rounds('ours', 16)])).toMatchObject([{ verdict: 'PASS' }])
  expect(judge([goal], [rounds('ours', 16.1)])).toMatchObject([{ verdict: 'MISS' }])
})

test('a goal without its contenders is not judged', () => {
  expect(judge([ratio], [rounds('ours', 1)])).toEqual([])
  expect(judge([ratio], [rounds('theirs', 1)])).toEqual([])
})

test('a figure that was not measured misses its goal', () => {
  expect(judge([{ candidate: 'ours', figure: 'other', atLeast: 0 }], [rounds('ours', 1)])).toMatchObject([{ verdict: 'MISS' }])
})

test('a goal says both of its bounds', () => {
  expect(describeGoal({ candidate: 'ours', figure: 'lag', atLeast: 0, atMost: 3 })).toBe('lag, ours: at least 0, at most 3')
})
