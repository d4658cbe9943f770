import { expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'
import { sampleRun } from './test/sample-run.ts'
import { toSummary } from './index.ts'

test('a pull request gets verdict, sentence, thresholds, tools and failures', () => {
  const summary = toSummary(
    sampleRun(
      { failures: { 'http.429': 0.02 } },
      {
        verdict: 'fail',
        reasons: ['failed<1% does not hold'],
        thresholds: [
          { expression: 'p95<500ms', value: 312.4, ok: true },
          { expression: 'failed<1%', value: 2.44, ok: false },
        ],
      },
    ),
  )
  const text = renderMarkdown(summary)
  expect(text).toMatch(/^## ❌ fail: heavy\n\nThis server carried 300 clients at .*\n\n- failed&lt;1% does not hold\n\n/)
  expect(text).toContain(
    '| Threshold | Measured |  |\n| --- | ---: | ---: |\n| p95&lt;500ms | 312 ms | held |\n| failed&lt;1% | 2.44 % | **broken** |',
  )
  expect(text).toMatch(
    /\| Tool \| Calls \| Failed \| p50 \| p95 \| p99 \|\n.*\n\| execute\\_query \| \d,\d{3} \| \d+ \| \d+ ms \|/,
  )
  expect(text).toMatch(/\| http\.429 \| \d+ \|/)
  expect(text).toMatch(/<sub>.*run 2026-11-22T10-00-00Z-heavy-7f3a<\/sub>\n$/)
})

test('answers that nobody waited for are said', () => {
  const summary = toSummary(sampleRun({ seconds: 1 }))
  const text = renderMarkdown({ ...summary, totals: { ...summary.totals, strayReplies: 2 } })
  expect(text).toContain(
    '\n\n2 answers came that nobody waited for: late, doubled, or with an unknown id. No call counts them.\n\n',
  )
  expect(renderMarkdown(summary)).not.toContain('nobody waited for')
})

test('text of the target or the pack cannot become markup, a link, a mention or a cell', () => {
  const hostile = '<img src=x> [a](http://x) @team | `b` *c*\n# d \\'
  const run = { ...sampleRun({ seconds: 0, clients: 0 }).run, pack: hostile }
  const text = renderMarkdown(toSummary(sampleRun({ seconds: 0, clients: 0 }, { run })))
  expect(text).toContain(String.raw`&lt;img src=x&gt; \[a\]\(http://x\) \@team \| ` + '\\`b\\` ' + String.raw`\*c\* \# d \\`)
  expect(text).not.toContain('<img')
})

test('a run without calls has no empty tables', () => {
  expect(renderMarkdown(toSummary(sampleRun({ seconds: 0, clients: 0 }, { thresholds: [] })))).not.toContain('|')
})
