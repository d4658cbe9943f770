import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Summary } from '@squall/report'
import { LimitedServer } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { startSquall } from '../test/run-squall.ts'

const pack = `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { model: closed, clients: 4, spawnRate: 50, duration: 1s, thresholds: ['failed<50%'] }
scenarios:
  - engine: mcp
    mcp: { clientKind: http_client }
    flow: [{ callTool: { name: work } }]
`
const files = { 'pack.yml': pack }

async function serve(serviceMs: number): Promise<string> {
  const server = await LimitedServer.start({ slots: 100, serviceMs })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server.url
}

/** As `squall run` writes it, with what a comparison reads. */
function summaryOf(id: number, ms: number): Summary {
  const latency = { min: ms, mean: ms, p50: ms, p90: ms, p95: ms, p99: ms, p999: ms, max: ms, count: 100 }
  const group = { calls: 100, ok: 100, failed: 0, errors: {}, service: latency, response: latency }
  return {
    schema: 'squall/summary@1',
    run: {
      id: `run-${id}`,
      pack: 'p',
      planHash: 'h',
      runner: 'native',
      workers: 1,
      startedAt: new Date(Date.UTC(2026, 0, id)).toISOString(),
      durationSeconds: 5,
      squallVersion: '1',
      nodeVersion: '24',
      machine: { cpuModel: 'x', cpuCount: 2, memoryBytes: 1, platform: 'linux' },
    },
    verdict: 'pass',
    totals: group,
    methods: {},
    tools: { work: group },
    generator: { saturated: false },
  } as unknown as Summary
}

function writeRuns(directory: string, ids: readonly number[], ms: number): void {
  for (const id of ids) {
    mkdirSync(join(directory, `run-${id}`), { recursive: true })
    writeFileSync(join(directory, `run-${id}`, 'summary.json'), JSON.stringify(summaryOf(id, ms * (1 + (id % 3) / 200))))
  }
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('a server twice as slow as the other is found, in the runs of both, and ends in 4 [B1]', async () => {
  const [base, candidate] = [await serve(50), await serve(150)]
  const squall = startSquall(
    ['compare', 'pack.yml', '--base', base, '--candidate', `echo ${candidate}; sleep 100`, '--runs', '7', '--report', 'report'],
    { files },
  )
  const { code, stdout, stderr } = await squall.ended
  expect(stdout, stderr).toContain('SLOWER')
  expect(code).toBe(4)
  expect(stderr).toContain('run 7 of 7: ')
  const comparison: unknown = JSON.parse(readFileSync(join(squall.directory, 'report/comparison.json'), 'utf8'))
  expect(comparison).toMatchObject({ schema: 'squall/comparison@1', base, verdict: 'slower' })
})

test('a server that is gone in mid-comparison leaves what was measured, shown where the report cannot be written', async () => {
  const candidate = await LimitedServer.start({ slots: 100, serviceMs: 50 })
  onTestFinished(() => candidate[Symbol.asyncDispose]())
  const args = [
    'compare',
    'pack.yml',
    '--base',
    await serve(50),
    '--candidate',
    candidate.url,
    '--runs',
    '9',
    '--report',
    'report',
  ]
  const squall = startSquall(args, { files })
  await squall.said('run 2 of 9')
  mkdirSync(join(squall.directory, 'report/comparison.md/in-the-way'), { recursive: true })
  await candidate[Symbol.asyncDispose]()
  const { code, stdout, stderr } = await squall.ended
  expect([code, stderr.includes('CONTROLLER_TARGET_UNREACHABLE'), stderr.includes('REPORT_NOT_WRITABLE')]).toEqual([
    9,
    true,
    true,
  ])
  expect(stdout).toContain('the comparison ended before all runs were made')
  expect(JSON.parse(readFileSync(join(squall.directory, 'report/comparison.json'), 'utf8'))).toMatchObject({
    verdict: 'inconclusive',
  })
})

test('bad input: everything at once; a command that starts nothing: what it said', async () => {
  const { ended } = startSquall(['compare', 'pack.yml', '--runs', '1', '--minimum-effect', '0'], { files })
  const { code, stderr } = await ended
  expect(code).toBe(2)
  for (const where of ['--base', '--candidate', '--runs', '--minimum-effect']) expect(stderr).toContain(where)
  const { ended: again } = startSquall(['compare', 'pack.yml', '--base', 'echo no luck; exit 3', '--candidate', 'http://h/mcp'], {
    files,
  })
  const second = await again
  expect(second.code).toBe(9)
  expect(second.stderr).toContain('no luck')
  expect(second.stderr).toContain('SQUALL_COMMAND_DID_NOT_START')
})

const baseline = (args: readonly string[], cwd: string) => startSquall(['baseline', ...args], { cwd }).ended

test('runs are saved, listed, and held against later ones; too few say nothing, and slower ones end in 4 [B1] [B3]', async () => {
  const { directory: cwd } = startSquall(['--version'], { files })
  writeRuns(join(cwd, 'nightly'), numbers(1, 12), 100)
  writeRuns(join(cwd, 'slow'), numbers(20, 25), 130)
  writeRuns(join(cwd, 'like'), numbers(20, 27), 100)
  const saved = await baseline(['save', 'mine', '--from', 'nightly'], cwd)
  expect(saved.stdout).toContain('12 runs added to mine; it has 12')
  expect(readFileSync(join(cwd, 'squall-baselines/mine.html'), 'utf8')).toContain('12 runs')
  expect((await baseline(['save', 'mine', '--from', 'nightly/run-1', '--json'], cwd)).stdout).toContain(
    '"added":0,"known":1,"runs":12',
  )
  expect((await baseline(['list'], cwd)).stdout).toMatch(/mine +12 +2026-01-12T/)
  const slower = await baseline(['check', 'mine', '--from', 'slow', '--report', 'check'], cwd)
  expect(slower.code, slower.stderr).toBe(4)
  expect(slower.stdout).toContain('SLOWER')
  const like = await baseline(['check', 'mine', '--from', 'like', '--quiet'], cwd)
  expect([like.code, like.stdout.split(':')[0]]).toEqual([0, 'same'])
  // A run that is named twice is one run: one is too few, however often it is given.
  const twice = Array.from({ length: 6 }, () => ['--from', 'slow/run-20']).flat()
  expect((await baseline(['check', 'mine', ...twice], cwd)).code).toBe(5)
  const few = await baseline(['check', 'mine', '--from', 'slow/run-20', '--json'], cwd)
  expect(few.code).toBe(5)
  expect(JSON.parse(few.stdout)).toMatchObject({ verdict: 'inconclusive' })
})

test('a baseline that is not there, runs that are none, and a name that is no name', async () => {
  const { directory: cwd } = startSquall(['--version'], { files })
  const squall = (...args: readonly string[]) => startSquall(['baseline', ...args], { cwd }).ended
  expect((await squall('list')).stdout).toContain('no baselines in squall-baselines')
  writeRuns(join(cwd, 'runs'), [1], 100)
  await squall('save', 'mine', '--from', 'runs')
  const unknown = await squall('check', 'mime', '--from', 'runs')
  expect([unknown.code, unknown.stderr.includes('Did you mean mine?')]).toEqual([2, true])
  // Of another program, or cut short by hand: told like any file that is no summary.
  writeFileSync(join(cwd, 'runs', 'summary.json'), '{"schema":"squall/summary@1","run":{"planHash":"h"}}')
  const half = await squall('save', 'x', '--from', 'runs')
  expect([half.code, half.stderr.includes('runs/summary.json')]).toEqual([2, true])
  writeFileSync(join(cwd, 'runs', 'summary.json'), 'no JSON')
  mkdirSync(join(cwd, 'empty'))
  const none = await squall('save', 'x', '--from', 'empty', '--from', 'runs')
  expect(none.code).toBe(2)
  expect(none.stderr).toContain('a directory with the summary.json of a run in it')
  expect(none.stderr).toContain('a summary.json as this version of squall run writes it')
  writeFileSync(join(cwd, 'runs', 'summary.json'), JSON.stringify({ ...summaryOf(1, 1), verdict: 'stopped' }))
  writeFileSync(join(cwd, 'runs', 'run-1', 'summary.json'), JSON.stringify({ ...summaryOf(2, 1), verdict: 'stopped' }))
  expect((await squall('save', 'x', '--from', 'runs')).stderr).toContain('None of the 2 runs counts')
  const wrong = await squall('save', '../x')
  expect([wrong.code, wrong.stderr.includes('--from'), wrong.stderr.includes('letters, digits')]).toEqual([2, true, true])
})

test('a report is drawn again, beside an earlier run', async () => {
  const run = startSquall(['run', 'pack.yml', '--target', await serve(20), '--report', 'now'], { files })
  await run.ended
  const again = (...args: readonly string[]) => startSquall(['report', ...args], { cwd: run.directory }).ended
  expect((await again('now', '--against', 'now')).code).toBe(0)
  expect(readFileSync(join(run.directory, 'now/report.html'), 'utf8')).toContain('Beside an earlier run')
  expect((await again('now')).stdout).toContain('report: ')
  expect(readFileSync(join(run.directory, 'now/report.html'), 'utf8')).not.toContain('Beside an earlier run')
  const { code, stderr } = await again('nowhere', '--against', 'never')
  expect([code, stderr.includes('nowhere'), stderr.includes('never')]).toEqual([2, true, true])
})
