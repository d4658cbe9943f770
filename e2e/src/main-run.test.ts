import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { run } from './support/programs.ts'
import { expectNothingWrong, hasWholeReport, readSummary } from './support/reports.ts'

const allTools = ['describe_view', 'execute_query', 'list_databases', 'list_views', 'query_view']

test('`squall run smoke` starts its own server, calls every tool without a failure, and leaves a whole report', async () => {
  const report = temporaryDirectory(onTestFinished)
  const ended = await run('squall', ['run', 'smoke', '--report', report])
  const summary = expectNothingWrong(ended, report)
  expect(Object.keys(summary.tools).toSorted()).toEqual(allTools)
  expect(summary.totals.calls).toBe(Object.values(summary.tools).reduce((sum, { calls }) => sum + calls, 0))
  expect(hasWholeReport(report)).toBe(true)
}, 60_000)

test('`nx run load:heavy` passes options through and drives every tool with a population of clients', async () => {
  const report = temporaryDirectory(onTestFinished)
  const args = ['run', 'load:heavy', '--clients=60', '--spawn-rate=60', '--duration=4s', `--report=${report}`]
  const { code, ...ended } = await run('nx', args)
  // Nx turns every failure into exit code 1; an inconclusive run is told by its summary.
  const summary = expectNothingWrong(
    { ...ended, code: code === 0 || readSummary(report).verdict !== 'inconclusive' ? code : 5 },
    report,
  )
  expect(Object.keys(summary.tools).toSorted()).toEqual(allTools)
}, 90_000)
