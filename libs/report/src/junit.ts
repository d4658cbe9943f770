import { formatMeasured } from './format-threshold.ts'
import { renderSuite, type TestCase } from './junit-suite.ts'
import type { Summary, ThresholdResult } from './summary.ts'

/** The run as a JUnit test suite: each threshold is a test case, and so is the verdict. */
export function renderJunit(summary: Summary): string {
  const { run, thresholds } = summary
  return renderSuite({
    name: run.pack,
    startedAt: run.startedAt,
    seconds: run.durationSeconds,
    cases: [verdictCase(summary), ...thresholds.map(thresholdCase)],
  })
}

function verdictCase({ run, verdict, reasons }: Summary): TestCase {
  return {
    name: 'verdict',
    seconds: run.durationSeconds,
    ...(verdict !== 'pass' && { failure: `${verdict}: ${reasons.join('; ')}` }),
  }
}

function thresholdCase(threshold: ThresholdResult): TestCase {
  const { expression, ok } = threshold
  return { name: expression, seconds: 0, ...(!ok && { failure: `${expression} does not hold: ${formatMeasured(threshold)}` }) }
}
