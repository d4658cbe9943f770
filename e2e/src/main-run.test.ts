import { expect, test } from 'vitest'
import { run } from './support/programs.ts'
import { hasWholeReport, readSummary, scratchDirectory } from './support/reports.ts'

const allTools = ['describe_view', 'execute_query', 'list_databases', 'list_views', 'query_view']

test('`squall run smoke` starts its own server, calls every tool without a failure, and leaves a whole report', async () => {
  const report = scratchDirectory()
  const ended = await run('squall', ['run', 'smoke', '--report', report])
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  const summary = readSummary(report)
  expect(summary).toMatchObject({ verdict: 'pass', totals: { failed: 0, droppedStarts: 0 }, errors: {} })
  expect(Object.keys(summary.tools).toSorted()).toEqual(allTools)
  expect(summary.totals.calls).toBe(Object.values(summary.tools).reduce((sum, { calls }) => sum + calls, 0))
  expect(hasWholeReport(report)).toBe(true)
}, 60_000)

test('`nx run load:heavy` passes options through and drives every tool with a population of clients', async () => {
  const report = scratchDirectory()
  const ended = await run('nx', ['run', 'load:heavy', '--clients=60', '--duration=8s', `--report=${report}`])
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  const summary = readSummary(report)
  expect(summary).toMatchObject({ verdict: 'pass', totals: { failed: 0 } })
  expect(Object.keys(summary.tools).toSorted()).toEqual(allTools)
}, 90_000)
