import { expect, test } from 'vitest'
import type { Verdict } from './goals.ts'
import { agreements, type SavedOutcomes } from './saved-outcomes.ts'

const run = (...verdicts: readonly (readonly [string, Verdict])[]): SavedOutcomes => ({
  outcomes: [{ name: 'speed', judgements: verdicts.map(([goal, verdict]) => ({ goal, median: 1, least: 1, most: 1, verdict })) }],
})

test('runs with the same verdict agree, whatever their figures', () => {
  expect(agreements([run(['a', 'PASS'], ['b', 'MISS']), run(['a', 'PASS'], ['b', 'MISS'])])).toMatchObject([
    { goal: 'speed: a', agrees: true },
    { goal: 'speed: b', agrees: true },
  ])
})

test('a goal that one run met and another missed is no agreement', () => {
  expect(agreements([run(['a', 'PASS']), run(['a', 'MISS'])])).toMatchObject([{ verdicts: ['PASS', 'MISS'], agrees: false }])
})

test('a goal that only one run judged is no agreement', () => {
  expect(agreements([run(['a', 'PASS']), run()])).toMatchObject([{ goal: 'speed: a', agrees: false }])
})
