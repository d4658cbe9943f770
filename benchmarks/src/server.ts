// How much CPU a server spends on one `tools/call`: snowflake-mcp beside a bare Fastify route that answers with the same bytes, and,
// where a call asks Snowflake, beside the driver that sends the same statement with no server around it.
import { randomUUID } from 'node:crypto'
import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import { cores, pin } from './cores.ts'
import type { LoadJob } from './load-job.ts'
import { loadAverage, renderConditions, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { callOnce, toRequests, type Era, type ToolCall } from './mcp-requests.ts'
import { childrenOf, cpuSecondsOf } from './process-table.ts'
import { rawDriver } from './raw-driver.ts'
import { interleave, median, ratiosOf, valuesOf, type Contender, type Figures, type Rounds } from './rounds.ts'
import { runLoadProgram } from './run-command.ts'
import { judgeCall, judgeQuery } from './server-goals.ts'
import { readSettings } from './settings.ts'

const connections = 50
const head = ['server', 'µs of CPU per call', '× bare route', 'µs of the embedded Snowflake', 'calls per second']
const eras: readonly Era[] = ['sessions', 'stateless']

interface MeasuredCall extends ToolCall {
  /** Where Snowflake is: answered by the server's own process at once, or by the embedded Snowflake beside it. */
  readonly snowflake: 'scripted' | 'embedded'
  /** The statement that the server sends for it. */
  readonly sql?: string
}

/** The first two are answered without Snowflake, well and badly; the last with one statement in it. */
const calls: readonly MeasuredCall[] = [
  { tool: 'list_databases', arguments: {}, isError: false, snowflake: 'scripted' },
  { tool: 'list_views', arguments: {}, isError: true, snowflake: 'embedded' },
  { tool: 'execute_query', arguments: { query: 'SELECT 1' }, isError: false, snowflake: 'embedded', sql: 'SELECT 1\nLIMIT 101' },
]
/** As many as the server has by default. */
const driverSessions = 10
/** A server is as cheap as it gets after ten thousand calls or so: only then V8 has compiled all that runs often. */
const warmUpRounds = 3
/** The driver is a new process in each round, and V8 has to compile it anew. */
const driverWarmUpSeconds = 4

const { rounds, measuredSeconds, only } = readSettings({ rounds: 7, measuredSeconds: 3 })
const wantedCalls = calls.filter(({ tool }) => tool.includes(only))
const loadBefore = loadAverage()
await using programs = new AsyncDisposableStack()
const servers = {
  scripted: await start('scripted server', '../../libs/mcp-server/src/test/scripted-program.ts', []),
  embedded: await start('snowflake-mcp', '../../apps/snowflake-mcp/src/main.ts', ['--port', '0']),
}
const bare = await start('bare Fastify route', './programs/fastify-route.ts', [JSON.stringify(await resultsByTool())])
const groups = await Promise.all(wantedCalls.map(toGroup))
const measured = await interleave(groups.flatMap(contendersOf), rounds, warmUpRounds)
for (const group of groups) report(group)
console.log(renderConditions({ connections, rounds, measuredSeconds, loadBefore }))

async function start(
  name: string,
  entry: string,
  args: readonly string[],
  core: number = cores.target,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  const program = await startProgram({ name, entry: new URL(entry, import.meta.url), args, env })
  for (const child of childrenOf(program.pid)) pin(child, cores.load)
  pin(program.pid, core)
  programs.defer(() => program.stop())
  return program
}

/** What snowflake-mcp answers to each call, for the bare route to say the same. */
async function resultsByTool(): Promise<Readonly<Record<string, object>>> {
  const entries = wantedCalls.map(async (call) => [call.tool, await resultOf(call)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function resultOf(call: MeasuredCall): Promise<object> {
  const { url } = servers[call.snowflake]
  const [request] = await toRequests(url, 'stateless', call, 1)
  if (!request) throw new Error('no request was made')
  return (await callOnce(url, request)).result
}

/** What one call is measured with. */
interface Group {
  readonly bareRoute: Contender
  readonly driver: Contender | undefined
  /** snowflake-mcp in each era. */
  readonly ours: readonly Contender[]
}

async function toGroup(call: MeasuredCall): Promise<Group> {
  const named = `\`${call.tool}\``
  const server = servers[call.snowflake]
  return {
    bareRoute: await contender(`bare Fastify route, answer of ${named}`, bare, 'stateless', call),
    driver: call.sql === undefined ? undefined : await startDriver(call.sql),
    ours: await Promise.all(eras.map((era) => contender(`snowflake-mcp ${named}, ${era}`, server, era, call))),
  }
}

function contendersOf({ bareRoute, driver, ours }: Group): Contender[] {
  return [bareRoute, ...(driver ? [driver] : []), ...ours]
}

/** The driver has an embedded Snowflake of its own, since nobody but the server knows the password of the server's. */
async function startDriver(sql: string): Promise<Contender> {
  const password = randomUUID()
  const data = temporaryDirectory((remove) => programs.defer(remove))
  const args = ['--port', '0', '--data', data]
  const entry = '../../apps/snowflake-local/src/main.ts'
  const { url } = await start('snowflake-local', entry, args, cores.load, { SNOWFLAKE_LOCAL_PASSWORD: password })
  const job = { url, password, sql, sessions: driverSessions, warmUpSeconds: driverWarmUpSeconds, measuredSeconds }
  return rawDriver('snowflake-sdk alone, the same statement', job)
}

async function contender(name: string, { url, pid }: RunningProgram, era: Era, call: ToolCall): Promise<Contender> {
  const requests = await toRequests(url, era, call, connections)
  return { name, measure: () => measure({ url, requests, warmUpSeconds: 1, measuredSeconds }, pid) }
}

/** The server does nothing before and after the load, so all the CPU it used in between is for the calls it answered. */
async function measure(job: LoadJob, pid: number): Promise<Figures> {
  const others = childrenOf(pid)
  const before = [cpuSecondsOf(pid), sum(others.map(cpuSecondsOf))] as const
  const { allCalls, calls } = await runLoadProgram('undici', job)
  return {
    cpuPerCall: ((cpuSecondsOf(pid) - before[0]) * 1e6) / allCalls,
    snowflakeCpuPerCall: ((sum(others.map(cpuSecondsOf)) - before[1]) * 1e6) / allCalls,
    callsPerSecond: calls / measuredSeconds,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function report({ bareRoute, driver, ours }: Group): void {
  const [base, ...others] = [bareRoute, ...(driver ? [driver] : []), ...ours].map(roundsOf)
  if (base === undefined) return
  console.log(
    renderTable(
      head,
      [base, ...others].map((one) => toRow(one, base)),
    ),
  )
  const driverRounds = driver && roundsOf(driver)
  for (const one of ours.map(roundsOf))
    console.log(`\n${driverRounds === undefined ? judgeCall(one, base) : judgeQuery(one, driverRounds)}`)
  console.log()
}

function roundsOf({ name }: Contender): Rounds {
  return measured.find((one) => one.name === name) ?? { name, figures: [] }
}

function toRow(one: Rounds, bareRoute: Rounds): string[] {
  // The program that uses the driver alone does not look at the embedded Snowflake's process.
  const snowflake = median(valuesOf(one, 'snowflakeCpuPerCall'))
  return [
    one.name,
    renderSpread(valuesOf(one, 'cpuPerCall'), 0),
    one === bareRoute ? '1' : renderSpread(ratiosOf(one, bareRoute, 'cpuPerCall'), 1),
    Number.isNaN(snowflake) ? '–' : renderNumber(snowflake, 0),
    renderNumber(median(valuesOf(one, 'callsPerSecond')), 0),
  ]
}
