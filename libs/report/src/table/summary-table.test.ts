import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { sampleRun } from '../test/sample-run.ts'
import { renderSummaryTable, toSummary } from '../index.ts'

const lossy = toSummary(
  sampleRun(
    { failures: { 'http.429': 0.02, 'tool.is_error': 0.004 } },
    {
      verdict: 'fail',
      reasons: [
        'failed<1% does not hold',
        'a reason so long that it does not fit on a line of eighty columns and has to be wrapped \u001b[2J',
      ],
      thresholds: [
        { expression: 'p95<500ms', value: 312.4, ok: true },
        { expression: 'failed<1%', value: 2.44, ok: false },
        { expression: 'tool.none.p95<1s', value: null, ok: false },
      ],
    },
  ),
)

test('the table has the verdict with its reasons, totals, every group, failures, thresholds, and where the report is', () => {
  const text = renderSummaryTable(lossy, { color: false, columns: 80, reportPath: '/tmp/run/report.html' })
  expect(text).toMatch(
    /^FAIL {2}heavy → http:\/\/127\.0\.0\.1:3000\/mcp, 1:00 min\n {2}failed<1% does not hold\n {2}a reason so long/,
  )
  expect(text).toMatch(/\d,\d{3} calls, \d,\d{3} ok, \d+ failed, 300 sessions, 0 starts dropped, generator\snot\ssaturated/)
  expect(text).toMatch(/^tool +calls +ok +failed +calls\/s +p50 +p95 +p99 +max\nexecute_query +\d,\d{3} /m)
  expect(text).toMatch(/^method .*\ninitialize +300 +300 +0 /m)
  expect(text).toMatch(/^client kind .*\nclaude_desktop /m)
  expect(text).toMatch(/^failure +count +of all calls\nhttp\.429 +\d+ +\d(\.\d+)? %\ntool\.is_error +\d+ +0\.\d+ %$/m)
  expect(text).toMatch(
    /^threshold +measured\np95<500ms +312 ms {2}held\nfailed<1% +2\.44 % {2}broken\ntool\.none\.p95<1s +nothing measured {2}not judged$/m,
  )
  expect(text).toMatch(/\n\nreport: \/tmp\/run\/report\.html$/)
})

test('answers that nobody waited for stand beside the failures', () => {
  const strayReplies = 1_200
  const summary = { ...lossy, totals: { ...lossy.totals, strayReplies } }
  expect(renderSummaryTable(summary, { color: false })).toContain('\n\n1,200 answers came that nobody waited for: late, doubled,')
  expect(renderSummaryTable(lossy, { color: false })).not.toContain('nobody waited for')
})

test('lines keep to the width of the terminal, the path of the report excepted', () => {
  const path = `/tmp/${'long/'.repeat(30)}report.html`
  const lines = renderSummaryTable(lossy, { color: true, columns: 60, reportPath: path }).split('\n')
  expect(lines.pop()).toBe(`report: ${path}`)
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(60)
  expect(lines.join('\n')).not.toContain('\u001b[2J')
})

test.each([
  ['pass', 32],
  ['fail', 31],
  ['inconclusive', 33],
  ['stopped', 33],
  ['degraded', 33],
] as const)('%s has its colour', (verdict, colour) => {
  const summary = toSummary(sampleRun({ seconds: 1 }, { verdict }))
  expect(renderSummaryTable(summary, { color: true })).toContain(`\u001b[${colour}m${verdict.toUpperCase()}\u001b[39m`)
})

test('a run without a call has a short table', () => {
  const summary = toSummary(sampleRun({ seconds: 0, clients: 0 }, { verdict: 'stopped', thresholds: [], saturated: true }))
  expect(renderSummaryTable(summary, { color: false })).toBe(
    [
      'STOPPED  heavy → http://127.0.0.1:3000/mcp, 0 s',
      '',
      'Until it was stopped after 0 s, no call was made, so nothing can be said about this server.',
      '0 calls, 0 ok, 0 failed, 0 sessions, 0 starts dropped, generator saturated',
    ].join('\n'),
  )
})
