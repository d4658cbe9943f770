import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes } from '@squall/errors'
import { ScriptedServer, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { root, run, start, type Ended, type Started } from './support/programs.ts'
import { readSummary } from './support/reports.ts'
import { ServerCounts, since } from './support/server-counts.ts'
import { startSnowflakeMcp } from './support/servers.ts'

interface ArtilleryReport {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>
    readonly summaries: Readonly<Record<string, unknown>>
  }
}

const startArtillery = (args: readonly string[]): Started =>
  start('artillery', ['run', ...args], {
    env: { ARTILLERY_DISABLE_TELEMETRY: 'true', NODE_OPTIONS: '--conditions=@squall/source', FORCE_COLOR: '0' },
  })

const artillery = (args: readonly string[]): Promise<Ended> => startArtillery(args).ended

const tools = ['describe_view', 'execute_query', 'list_databases', 'list_views', 'query_view']
const packFile = (name: string): string => `${root}artillery/packs/${name}/pack.yml`

test('`artillery run` and `squall run` make the same calls of each tool, and the target counted them', async () => {
  const { url } = await startSnowflakeMcp()
  const counts = new ServerCounts(url)
  const output = join(temporaryDirectory(onTestFinished), 'artillery.json')
  const overrides = JSON.stringify({ config: { phases: [{ duration: 3, arrivalRate: 5 }] } })
  const ended = await artillery(['--target', url, '--output', output, '--overrides', overrides, packFile('smoke')])
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  const { counters, summaries } = (JSON.parse(readFileSync(output, 'utf8')) as ArtilleryReport).aggregate
  expect(counters).toMatchObject({ 'vusers.created': 15, 'vusers.completed': 15, 'vusers.failed': 0 })
  for (const tool of tools) {
    expect(counters, tool).toMatchObject({
      [`mcp.tools.${tool}.calls`]: 15,
      [`plugins.metrics-by-endpoint.${tool}.codes.200`]: 15,
    })
    expect(summaries[`plugins.metrics-by-endpoint.response_time.${tool}`], tool).toBeDefined()
  }
  const counted = await counts.settled()
  expect(counted).toEqual(Object.fromEntries(tools.map((tool) => [tool, 15])))

  const report = temporaryDirectory(onTestFinished)
  const options = ['--duration', '3s', '--threshold', 'failed<1', '--report', report, '--quiet']
  const native = await run('squall', ['run', 'smoke', '--target', url, ...options])
  expect([exitCodes.ok, exitCodes.inconclusive], native.stdout + native.stderr).toContain(native.code)
  expect(since(counted, await counts.settled())).toEqual(counted)
  const calls = Object.entries(readSummary(report).tools).map(([tool, { calls }]) => [tool, calls] as const)
  expect(Object.fromEntries(calls)).toEqual(counted)
}, 180_000)

test('a pack with a fixed population is refused by stock Artillery, and by Squall where it is to use that, each with what to do instead', async () => {
  const [stock, runner] = await Promise.all([
    artillery(['--target', 'http://127.0.0.1:1/mcp', packFile('heavy')]),
    run('squall', ['run', 'heavy', '--runner', 'artillery', '--report', temporaryDirectory(onTestFinished)]),
  ])
  expect(stock).toMatchObject({ code: exitCodes.badInput })
  expect(stock.stdout + stock.stderr).toContain('Run it with `squall run PACK`')
  expect(runner).toMatchObject({ code: exitCodes.badInput })
  expect(runner.stderr).toContain('the pack has a fixed population of clients')
  expect(runner.stderr).toContain('[SQUALL_RUNNER_CANNOT]')
}, 120_000)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends stock Artillery at once, though its virtual users wait for answers',
  async (signal, code) => {
    await using server = await ScriptedServer.start({ fault: ({ tool }) => (tool === '' ? undefined : 'hang') })
    const started = startArtillery(['--target', server.url, packFile('smoke')])
    onTestFinished(() => started.kill('SIGKILL'))
    await vi.waitFor(() => expect(server.counts.toolCalls).toBeGreaterThan(0), { timeout: 60_000 })
    const signalledAtMs = performance.now()
    started.kill(signal)
    const ended = await started.ended
    expect(performance.now() - signalledAtMs).toBeLessThan(4_000)
    expect(ended.code, ended.stdout + ended.stderr).toBe(code)
  },
  120_000,
)
