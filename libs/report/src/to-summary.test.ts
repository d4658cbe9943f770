import { expect, test } from 'vitest'
import { sampleRun } from './test/sample-run.ts'
import { toSummary } from './index.ts'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

test('totals, rates and groups add up', () => {
  const summary = toSummary(sampleRun({ failures: { 'http.429': 0.05 } }))
  expect(summary.totals.ok + summary.totals.failed).toBe(summary.totals.calls)
  expect(sum(Object.values(summary.tools).map(({ calls }) => calls))).toBe(summary.totals.calls)
  expect(summary.errors['http.429']).toBe(summary.totals.failed)
  expect(sum(summary.timeline.map(({ calls }) => calls))).toBe(summary.totals.calls)
  expect(summary.rate.callsPerSecond).toBeCloseTo(summary.totals.calls / 60, 2)
})
