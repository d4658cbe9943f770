import { readFile } from 'node:fs/promises'
import { temporaryDirectory } from '@squall/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, onTestFinished, test } from 'vitest'
import { renderComparisonJunit } from './comparison-junit.ts'
import { renderComparisonMarkdown } from './comparison-markdown.ts'
import { describeComparison, formatEffect } from './comparison-rows.ts'
import { renderComparisonTable } from './comparison-table.ts'
import type { ComparedMetric, Comparison } from './comparison.ts'
import { renderHistoryHtml } from './history-html.ts'
import type { History } from './history.ts'
import { writeComparison } from './write-comparison.ts'

const metric = (tool: string, verdict: ComparedMetric['verdict'], effect: number): ComparedMetric => ({
  tool,
  metric: 'response.p95',
  base: 100,
  candidate: 100 * (1 + effect),
  effect,
  interval: [effect - 0.02, effect + 0.02],
  pValue: 0.01,
  verdict,
})

const comparison = (changes: Partial<Comparison> = {}): Comparison => ({
  schema: 'squall/comparison@1',
  base: 'http://a/mcp',
  candidate: 'node <new>.js',
  verdict: 'slower',
  reasons: ['2 runs do not count, since the generator was strained in them'],
  metrics: [
    metric('list_views', 'same', 0.001),
    metric('sample', 'faster', -0.2),
    metric('execute_query', 'slower', 0.102),
    { ...metric('*', 'inconclusive', 0.02), metric: 'failed', base: 0, candidate: 0.02, interval: null },
  ],
  runsEach: 10,
  runsNeeded: 10,
  setAside: 2,
  run: {
    pack: 'heavy',
    startedAt: '2026-11-22T10:00:00.000Z',
    durationSeconds: 300,
    squallVersion: '1.2.3',
    nodeVersion: '24',
    machine: { cpuModel: 'x', cpuCount: 2, memoryBytes: 1, platform: 'linux' },
  },
  ...changes,
})

test('comparison.json keeps to its schema, beside Markdown and JUnit', async () => {
  const directory = temporaryDirectory(onTestFinished)
  const files = await writeComparison(directory, comparison())
  const ajv = new Ajv2020({ strict: true, allErrors: true })
  formats.default(ajv)
  const validate = ajv.compile(
    JSON.parse(await readFile(new URL('../../schema/comparison.schema.json', import.meta.url), 'utf8')) as object,
  )
  validate(JSON.parse(await readFile(files.comparison, 'utf8')))
  expect(validate.errors).toBeNull()
  expect(await readFile(files.markdown, 'utf8')).toContain('slower')
  expect(await readFile(files.junit, 'utf8')).toContain('<testsuites')
})

test('what matters comes first, with its words', () => {
  const text = renderComparisonTable(comparison(), { color: false, columns: 120, reportPath: '/r' })
  const lines = text.split('\n')
  expect(lines[0]).toBe('SLOWER  heavy: http://a/mcp → node <new>.js')
  expect(text).toContain(
    'The candidate is slower: response.p95 of execute_query went from 100 ms to 110 ms (+10.2 %, interval +8.2 % to +12.2 %)',
  )
  expect(lines.findIndex((line) => line.startsWith('execute_query'))).toBeLessThan(
    lines.findIndex((line) => line.startsWith('all calls')),
  )
  expect(lines.findIndex((line) => line.startsWith('sample'))).toBeLessThan(
    lines.findIndex((line) => line.startsWith('list_views')),
  )
  expect(renderComparisonTable(comparison({ verdict: 'same' }), { color: true })).toContain('No change that matters')
})

test('a pull request sees three lines, and the rest folded away [B3]', () => {
  const text = renderComparisonMarkdown(comparison())
  expect(text).toContain('## ❌ slower: heavy')
  expect(text.split('<details>')[0]?.match(/^\| (?!---|Tool)/gm)?.length).toBe(3)
  expect(text).toContain('<details><summary>1 more</summary>')
  expect(text).toContain('candidate <code>node &lt;new&gt;.js</code>')
  expect(renderComparisonMarkdown(comparison({ metrics: [], verdict: 'inconclusive', reasons: [] }))).not.toContain('<details>')
})

test('sentences', () => {
  expect(describeComparison(comparison({ verdict: 'inconclusive', runsEach: 1, runsNeeded: 8 }))).toBe(
    'Nothing certain can be said after 1 run of each: it takes about 8.',
  )
  expect(describeComparison(comparison({ verdict: 'inconclusive' }))).toBe('Nothing certain can be said after 10 runs of each.')
  expect(describeComparison(comparison({ verdict: 'faster', metrics: [] }))).toBe(
    'No change that matters, after 10 runs of each.',
  )
  expect([0.102, -0.03, 0.0001, -0.0001].map((effect) => formatEffect(effect))).toEqual(['+10.2 %', '-3.0 %', '0.0 %', '0.0 %'])
})

test('JUnit: a metric that is slower fails, and so does a verdict that is not clear', () => {
  const xml = renderComparisonJunit(comparison())
  expect(xml).toContain('tests="5" failures="2"')
  expect(xml).toContain('response.p95 of execute_query went from 100 ms to 110 ms (+10.2 %)')
  expect(renderComparisonJunit(comparison({ verdict: 'same', metrics: [] }))).toContain('tests="1" failures="0"')
})

test('a history shows each metric from run to run, with its changes of level [B2]', async () => {
  const history: History = {
    name: 'heavy',
    runs: Array.from({ length: 10 }, (_, index) => ({
      id: `r${index}`,
      startedAt: new Date(Date.UTC(2026, 0, index + 1)).toISOString(),
    })),
    series: [
      {
        tool: 'echo',
        metric: 'response.p95',
        isShare: false,
        values: [1, 1, 1, 1, 1, 2, 2, 2, 2, null],
        changes: [{ index: 5, before: 1, after: 2, pValue: 0.01 }],
      },
      {
        tool: '*',
        metric: 'failed',
        isShare: true,
        values: Array.from({ length: 10 }, (_, index) => (index < 5 ? 0 : 0.1)),
        changes: [{ index: 5, before: 0, after: 0.1, pValue: 0.01 }],
      },
    ],
  }
  const page = await renderHistoryHtml(history)
  expect(page).toContain('10 runs, 2 changes of level. The newest: response.p95 of echo +100.0\u00a0%, from run 6 on.')
  expect(page).toContain('response.p95 of echo')
  expect(page).toContain('+100.0 %')
  expect(page).toContain('+10 %')
  expect(page).toContain('6 January 2026')
  const first: History = {
    name: 'a',
    runs: [{ id: 'r', startedAt: 'x' }],
    series: [{ tool: 'a', metric: 'm', isShare: false, values: [1], changes: [] }],
  }
  expect(await renderHistoryHtml(first)).toContain('1 run, no change of level was found.')
  expect(await renderHistoryHtml({ name: 'none', runs: [], series: [] })).toContain('0 runs')
})
