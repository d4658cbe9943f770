import type { PayloadPlan } from '@squall/load-plan'
import { expect, test } from 'vitest'
import { takeRows } from './client-data.ts'
import type { Variables } from './templates/template-scope.ts'
import { planFor } from './test/plan.ts'

const fileOf = (field: string): PayloadPlan => ({
  fields: [field],
  rows: Array.from({ length: 10 }, (_, row) => [row]),
  order: 'random',
})

test('rows of several files are drawn independently of each other: every two of them meet, about equally often', () => {
  const plan = planFor('http://127.0.0.1:1/mcp', [], {}, { payloads: [fileOf('a'), fileOf('b'), fileOf('c')] })
  const met = new Map<string, number>()
  for (let iteration = 0; iteration < 10_000; iteration++) {
    const variables: Variables = {}
    takeRows(plan, 0, iteration, variables)
    for (const pair of ['ab', 'bc', 'ac']) {
      const key = JSON.stringify([pair, ...Array.from(pair, (field) => variables[field])])
      met.set(key, (met.get(key) ?? 0) + 1)
    }
  }
  expect(met.size).toBe(300)
  // 100 are expected of each; six standard deviations are 60.
  expect(Math.max(...[...met.values()].map((times) => Math.abs(times - 100)))).toBeLessThan(60)
})
