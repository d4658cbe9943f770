import { renderSuite, type TestCase } from '../junit-suite.ts'
import { metricCells } from './comparison-rows.ts'
import type { ComparedMetric, Comparison } from './comparison.ts'

/** The comparison as a JUnit test suite: each metric is a test case, and fails where it is slower; so is the verdict, where it is `slower` or `inconclusive`. */
export function renderComparisonJunit(comparison: Comparison): string {
  const { run, verdict, reasons, metrics } = comparison
  const isBad = verdict === 'slower' || verdict === 'inconclusive'
  return renderSuite({
    name: run.pack,
    startedAt: run.startedAt,
    seconds: run.durationSeconds,
    cases: [
      { name: 'verdict', seconds: run.durationSeconds, ...(isBad && { failure: [verdict, ...reasons].join('; ') }) },
      ...metrics.map(toCase),
    ],
  })
}

function toCase(metric: ComparedMetric): TestCase {
  const [tool = '', name = '', base = '', candidate = '', effect = ''] = metricCells(metric)
  const passed = { name: `${tool} ${name}`, seconds: 0 }
  const failure = `${name} of ${tool} went from ${base} to ${candidate} (${effect})`
  return metric.verdict === 'slower' ? { ...passed, failure } : passed
}
