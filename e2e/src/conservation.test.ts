import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { exitCodes } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { root, run, start, type Started } from './support/programs.ts'
import { readSummary, type Summary } from './support/reports.ts'
import { ServerCounts, since, type ToolCounts } from './support/server-counts.ts'

/**
 * What the target counted is what the report says, to the call, on every pack that comes with Squall. Packs are cut short here; under
 * `SQUALL_PROVE=1`, which `npm run prove` sets, they run as they are.
 */
const isWhole = process.env['SQUALL_PROVE'] === '1'

/** Options that make a pack short. Open packs keep their rates, so that their arrivals are still the same under Artillery. */
const shortened: Readonly<Record<string, readonly string[]>> = {
  smoke: ['--duration', '2s'],
  light: ['--clients', '5', '--spawn-rate', '5', '--duration', '3s'],
  medium: ['--clients', '10', '--spawn-rate', '10', '--duration', '3s'],
  heavy: ['--clients', '20', '--spawn-rate', '20', '--duration', '3s'],
  stress: ['--clients', '20', '--duration', '4s'],
  burst: ['--duration', '5s'],
  sustained: ['--clients', '5', '--duration', '3s'],
  'pool-stress': ['--clients', '20', '--duration', '3s'],
  'session-churn': ['--duration', '3s'],
  'mixed-clients': ['--clients', '18', '--spawn-rate', '18', '--duration', '3s'],
  breakpoint: ['--rate', '20', '--duration', '4s'],
}
/** Packs that are meant to end early where the server breaks, and then fail. */
const mayBreak = new Set(['stress', 'breakpoint'])
const openPacks = ['smoke', 'burst', 'session-churn'] as const
/** A pack that runs whole takes minutes. */
const longestMs = isWhole ? 300_000 : 90_000

let server: Started
let url = ''
beforeAll(async () => {
  server = start('snowflake-mcp', ['--port', '0'])
  ;[url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/mcp/)
}, 90_000)
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
})

interface CountedRun {
  readonly summary: Summary
  readonly counted: ToolCounts
}

/** Runs a pack against the server, and asks the server what came of it. */
async function runCounted(pack: string, more: readonly string[] = []): Promise<CountedRun> {
  const counts = new ServerCounts(url)
  const before = await counts.settled()
  const report = temporaryDirectory(onTestFinished)
  const args = ['run', pack, '--target', url, '--report', report, '--quiet', ...(isWhole ? [] : shortTrial(pack)), ...more]
  const { code, stdout, stderr } = await run('squall', args)
  const asDesigned = isWhole && mayBreak.has(pack) ? [exitCodes.thresholdBroken] : []
  expect([exitCodes.ok, exitCodes.inconclusive, ...asDesigned], stdout + stderr).toContain(code)
  return { summary: readSummary(report), counted: since(before, await counts.settled()) }
}

/** What is proven is the count: of a few seconds on a busy machine, a threshold on time or on rates says nothing. */
const shortTrial = (pack: string): readonly string[] => [...(shortened[pack] ?? []), '--threshold', 'calls>0']

const callsOf = (groups: Summary['tools']): ToolCounts =>
  Object.fromEntries(Object.entries(groups).map(([name, { calls }]) => [name, calls] as const))

/** What needs Snowflake goes the way of a tool call in the server, and is counted there. */
const countedMethods = new Set(['resources/list', 'resources/read'])

function expectConserved({ summary, counted }: CountedRun): void {
  const tools = callsOf(summary.tools)
  const resources = Object.entries(callsOf(summary.methods)).filter(([method]) => countedMethods.has(method))
  expect({ ...tools, ...Object.fromEntries(resources) }).toEqual(counted)
  expect(summary.totals.calls).toBe(Object.values(tools).reduce((sum, calls) => sum + calls, 0))
  expect(summary.totals.calls).toBeGreaterThan(0)
}

test("there is a pack for each of the original's load tests and more, each an Artillery script with a target of its own [L1]", () => {
  const packs = globSync('artillery/packs/*/pack.yml', { cwd: root }).map((file) => basename(dirname(file)))
  expect(packs.toSorted()).toEqual(Object.keys(shortened).toSorted())
  const { scripts } = JSON.parse(readFileSync(`${root}artillery/package.json`, 'utf8')) as { scripts: Record<string, string> }
  for (const pack of packs) expect(scripts[pack], pack).toBe(`squall run packs/${pack}/pack.yml`)
  for (const pack of openPacks) expect(scripts[`${pack}-artillery`], pack).toContain(`artillery run packs/${pack}/pack.yml`)
})

/** Native runs of the open packs, which need not be made twice. */
const nativeRuns = new Map<string, CountedRun>()

test.each(Object.keys(shortened))(
  '%s: the report has the calls the target counted, per tool and in total',
  async (pack) => {
    const native = await runCounted(pack)
    nativeRuns.set(pack, native)
    expectConserved(native)
  },
  longestMs,
)

test.each(openPacks)(
  '%s: stock Artillery makes the same calls of each tool, and its report has those the target counted',
  async (pack) => {
    const { summary: native } = nativeRuns.get(pack) ?? (await runCounted(pack))
    const stock = await runCounted(pack, ['--runner', 'artillery'])
    expectConserved(stock)
    expect(callsOf(stock.summary.tools)).toEqual(callsOf(native.tools))
    expect(callsOf(stock.summary.methods)).toEqual(callsOf(native.methods))
  },
  2 * longestMs,
)

test('the pool of sessions in Snowflake never grew beyond its maximum', async () => {
  const samples = await new ServerCounts(url).samples()
  const value = (wanted: string): number => samples.find(({ name }) => name === wanted)?.value ?? Number.NaN
  expect(value('mcp_connection_pool_size')).toBeLessThanOrEqual(value('mcp_connection_pool_max'))
  expect(value('mcp_connection_pool_leased')).toBe(0)
})
