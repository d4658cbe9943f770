import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPack } from '@squall/pack'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { checkArtillery, runWithArtillery, type ArtilleryRequest } from './run-with-artillery.ts'

const pack = `
config:
  phases: [{ duration: 2, arrivalRate: 5 }]
  squall: { thresholds: ['failed<1%'] }
scenarios: [{ engine: mcp, flow: [{ ping: {} }] }]
`

/** A pack with a program beside it that stands in for Artillery: what it is told lands in `told.json`. */
function packWithArtillery(script: string): Omit<ArtilleryRequest, 'signal'> {
  const directory = temporaryDirectory(onTestFinished)
  const installed = join(directory, 'node_modules/artillery')
  mkdirSync(join(installed, 'bin'), { recursive: true })
  writeFileSync(join(installed, 'package.json'), '{ "name": "artillery" }')
  writeFileSync(
    join(installed, 'bin/run'),
    `const { writeFileSync } = require('node:fs'); const args = process.argv.slice(2)\n${script}`,
  )
  const packFile = join(directory, 'pack.yml')
  writeFileSync(packFile, pack)
  const { plan } = loadPack({ path: packFile, processEnvironment: {} })
  const reportDirectory = join(directory, 'report')
  const target = 'http://127.0.0.1:1/mcp'
  return { packFile, environment: 'staging', plan: { ...plan, target }, reportDirectory, onOutput: () => undefined }
}

const never = new AbortController().signal

const writesReport = `
const counters = { 'vusers.created': 10, 'mcp.tools.echo.calls': 10, 'errors.x': args.length }
const period = { counters, summaries: {}, rates: {}, firstMetricAt: Date.UTC(2026, 10, 22) }
writeFileSync(args[args.indexOf('--output') + 1], JSON.stringify({ aggregate: period, intermediate: [period] }))
writeFileSync(__dirname + '/told.json', JSON.stringify({ args, telemetry: process.env.ARTILLERY_DISABLE_TELEMETRY }))
`

test('Artillery gets the pack with target, environment and arrivals, and its report becomes a whole one of ours', async () => {
  const request = packWithArtillery(writesReport)
  checkArtillery({ packFile: request.packFile, model: request.plan.model })
  const { summary, exitCode, files } = await runWithArtillery({ ...request, signal: never })
  expect(exitCode).toBe(0)
  expect(summary).toMatchObject({
    verdict: 'pass',
    run: { runner: 'artillery', target: 'http://127.0.0.1:1/mcp', startedAt: '2026-11-22T00:00:00.000Z', durationSeconds: 2 },
    totals: { calls: 10, failed: 0 },
    timeline: [{ second: 0, seconds: 10, calls: 10 }],
  })
  expect(existsSync(files?.html ?? '')).toBe(true)
  const told = JSON.parse(readFileSync(join(request.packFile, '../node_modules/artillery/bin/told.json'), 'utf8')) as {
    args: string[]
  }
  const phases = [{ name: 'phase 1', duration: '2000ms', arrivalRate: 5 }]
  expect(told).toMatchObject({ telemetry: 'true' })
  expect(told.args).toEqual([
    'run',
    '--target',
    'http://127.0.0.1:1/mcp',
    '--output',
    expect.stringContaining('report.json') as string,
    '--overrides',
    JSON.stringify({ config: { phases } }),
    '--environment',
    'staging',
    request.packFile,
  ])
})

test('an Artillery that crashes is told of in its own last words, and leaves no report of ours', async () => {
  const request = packWithArtillery(`console.error('cannot go on'); process.exit(11)`)
  const failure = {
    code: 'SQUALL_ARTILLERY_FAILED',
    exitCode: 9,
    message: expect.stringMatching(/exit code 11 .*cannot go on/) as string,
  }
  await expect(runWithArtillery({ ...request, signal: never })).rejects.toMatchObject(failure)
  expect(existsSync(request.reportDirectory)).toBe(false)
})

test('a run that is stopped ends at once, and is not said to have made no load', async () => {
  const request = packWithArtillery(`console.log('up'); setInterval(() => {}, 1000)`)
  const stopping = new AbortController()
  const running = runWithArtillery({ ...request, signal: stopping.signal, onOutput: () => stopping.abort() })
  await expect(running).rejects.toMatchObject({
    code: 'SQUALL_ARTILLERY_STOPPED',
    exitCode: 130,
    message: expect.stringContaining('leaves no report') as string,
  })
})

test('a run that is stopped before Artillery was started ends with the reason it was stopped for', async () => {
  const reason = new Error('stopped by the user')
  const running = runWithArtillery({ ...packWithArtillery(writesReport), signal: AbortSignal.abort(reason) })
  await expect(running).rejects.toBe(reason)
})
