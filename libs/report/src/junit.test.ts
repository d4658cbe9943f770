import { expect, test } from 'vitest'
import { renderJunit } from './junit.ts'
import { sampleRun } from './test/sample-run.ts'
import { toSummary } from './index.ts'

test('the verdict and every threshold are test cases [L11]', () => {
  const text = renderJunit(toSummary(sampleRun({ seconds: 60, clients: 5 })))
  expect(text).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="squall" tests="4" failures="0" errors="0" skipped="0" time="60">
  <testsuite name="heavy" timestamp="2026-11-22T10:00:00.000Z" tests="4" failures="0" errors="0" skipped="0" time="60">
    <testcase classname="squall.heavy" name="verdict" time="60"/>
    <testcase classname="squall.heavy" name="p95&lt;500ms" time="0"/>
    <testcase classname="squall.heavy" name="failed&lt;1%" time="0"/>
    <testcase classname="squall.heavy" name="tool.execute_query.p99&lt;2s" time="0"/>
  </testsuite>
</testsuites>
`,
  )
})

test('a broken threshold and a verdict other than pass are failures that say why', () => {
  const text = renderJunit(
    toSummary(
      sampleRun(
        { seconds: 1 },
        {
          verdict: 'fail',
          reasons: ['p95<500ms does not hold', 'and more'],
          thresholds: [
            { expression: 'p95<500ms', value: 612.2, ok: false },
            { expression: 'failed<1%', value: 0, ok: true },
          ],
        },
      ),
    ),
  )
  expect(text).toContain('tests="3" failures="2"')
  expect(text).toContain('<failure message="fail: p95&lt;500ms does not hold; and more"/>')
  expect(text).toContain('<failure message="p95&lt;500ms does not hold: 612 ms"/>')
})
