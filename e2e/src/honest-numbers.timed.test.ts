import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { descendants } from './support/processes.ts'
import { start, type Started } from './support/programs.ts'
import { readSummary, type Summary } from './support/reports.ts'

const echoServer = fileURLToPath(new URL('support/echo-server.ts', import.meta.url))

async function startEchoServer(): Promise<{ readonly url: string; readonly started: Started }> {
  const started = start('node', ['--conditions=@squall/source', echoServer])
  onTestFinished(async () => {
    for (const signal of ['SIGCONT', 'SIGKILL'] as const) started.kill(signal)
    await started.ended
  })
  const [, url = ''] = await started.printed(/listening on (\S+)/)
  return { url, started }
}

function writePack(directory: string, settings: string, flow: string): string {
  const path = join(directory, 'pack.yml')
  writeFileSync(path, `config:\n  squall: { ${settings} }\nscenarios:\n  - { engine: mcp, flow: [ ${flow} ] }\n`)
  return path
}

const call = 'callTool: { name: echo, arguments: { text: hi } }'

/** The response times of clients that call once a second, of which the target answers none while it is frozen. In milliseconds. */
function trueResponses(
  offsetsMs: readonly number[],
  calls: number,
  frozenMs: { readonly from: number; readonly to: number },
): number[] {
  return offsetsMs.flatMap((offsetMs) => {
    let freeMs = 0
    return Array.from({ length: calls }, (_, index) => {
      const intendedMs = offsetMs + index * 1_000
      const startMs = Math.max(intendedMs, freeMs)
      freeMs = startMs >= frozenMs.from && startMs < frozenMs.to ? frozenMs.to : startMs
      return freeMs - intendedMs
    })
  })
}

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0

const generatorsOf = (pid: number): number[] =>
  descendants(pid).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('generator.'))

interface MeasuredSummary extends Summary {
  readonly run: Summary['run'] & { readonly startedAt: string }
  readonly reasons: readonly string[]
  readonly latencyMs: Record<'service' | 'response', { readonly p99: number; readonly mean: number }>
  readonly generator: { readonly saturated: boolean }
}

// The fields are in the schema that `readSummary` checks.
const readMeasured = (directory: string): MeasuredSummary => readSummary(directory) as MeasuredSummary

test('a target that is frozen for two seconds shows in the response times as it must, and every intended call is accounted for [L6]', async () => {
  const { url, started: server } = await startEchoServer()
  const report = temporaryDirectory(onTestFinished)
  const pack = writePack(
    report,
    'clients: 100, spawnRate: 200, duration: 20s, thresholds: ["calls>0"]',
    `{ ${call} }, { pace: 1 }`,
  )
  const squall = start('squall', ['run', pack, '--target', url, '--report', report, '--workers', '1'])
  await squall.printed(/calls\/s/)
  await delay(2_000)
  const frozenAtMs = Date.now()
  server.kill('SIGSTOP')
  await delay(2_000)
  server.kill('SIGCONT')
  const thawedAtMs = Date.now()
  await squall.ended
  const { run, totals, latencyMs } = readMeasured(report)
  expect(totals.calls + totals.droppedStarts).toBe(2_000)
  server.endInput()
  const [, served] = await server.printed(/served (\d+) calls/)
  expect(Number(served)).toBe(totals.calls)
  const startedAtMs = Date.parse(run.startedAt)
  const offsetsMs = Array.from({ length: 100 }, (_, index) => index * 5)
  const truth = trueResponses(offsetsMs, 20, { from: frozenAtMs - startedAtMs, to: thawedAtMs - startedAtMs })
  const trueP99 = quantile(truth, 0.99)
  expect(trueP99).toBeGreaterThan(1_500)
  expect(latencyMs.response.p99 / trueP99).toBeGreaterThan(0.95)
  expect(latencyMs.response.p99 / trueP99).toBeLessThan(1.05)
  // What the calls themselves took is shown beside it: each client waited in one call, and was late with the next.
  expect(latencyMs.service.mean).toBeLessThan(0.8 * latencyMs.response.mean)
}, 90_000)

test('a generator that gets too little of the processor says inconclusive, and why [L12]', async () => {
  const { url } = await startEchoServer()
  const report = temporaryDirectory(onTestFinished)
  const pack = writePack(report, 'clients: 5, duration: 8s', `{ ${call} }, { pace: 0.1 }`)
  const squall = start('squall', ['run', pack, '--target', url, '--report', report, '--workers', '1'])
  await squall.printed(/running/)
  const [generator = 0] = generatorsOf(squall.pid)
  // Four fifths of the time it is not let run, in slices a scheduler would make.
  while (generatorsOf(squall.pid).includes(generator)) {
    process.kill(generator, 'SIGSTOP')
    await delay(200)
    process.kill(generator, 'SIGCONT')
    await delay(50)
  }
  const { code, stdout } = await squall.ended
  expect(code).toBe(5)
  expect(stdout).toContain('INCONCLUSIVE')
  const { verdict, reasons, generator: health } = readMeasured(report)
  expect(verdict).toBe('inconclusive')
  expect(health.saturated).toBe(true)
  expect(reasons).toContainEqual(
    expect.stringMatching(/^the event-loop delay p99 was over 50 ms and a tenth of the response p99 in \d+ of \d+ seconds$/),
  )
}, 90_000)
