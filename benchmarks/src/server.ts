// How much CPU a server spends on one `tools/call`: snowflake-mcp beside a bare Fastify route that answers with the same bytes.
import { startProgram, type RunningProgram } from '@squall/program'
import { cores, pin } from './cores.ts'
import type { LoadJob } from './load-job.ts'
import { loadAverage, renderConditions, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { callOnce, toRequests, type Era, type ToolCall } from './mcp-requests.ts'
import { childrenOf, cpuSecondsOf } from './process-table.ts'
import { interleave, median, ratiosOf, valuesOf, type Contender, type Figures, type Rounds } from './rounds.ts'
import { runLoadProgram } from './run-command.ts'
import { readSettings } from './settings.ts'

const connections = 50
const eras: readonly Era[] = ['sessions', 'stateless']

interface MeasuredCall extends ToolCall {
  /** Where Snowflake is: answered by the server's own process at once, or by the embedded Snowflake beside it. */
  readonly snowflake: 'scripted' | 'embedded'
}

/** The first two are answered without Snowflake, well and badly; the last with one statement in it. */
const calls: readonly MeasuredCall[] = [
  { tool: 'list_databases', arguments: {}, isError: false, snowflake: 'scripted' },
  { tool: 'list_views', arguments: {}, isError: true, snowflake: 'embedded' },
  { tool: 'execute_query', arguments: { query: 'SELECT 1' }, isError: false, snowflake: 'embedded' },
]

const { rounds, measuredSeconds, only } = readSettings({ rounds: 7, measuredSeconds: 3 })
const wantedCalls = calls.filter(({ tool }) => tool.includes(only))
const loadBefore = loadAverage()
await using programs = new AsyncDisposableStack()
const servers = {
  scripted: await start('scripted server', '../../libs/mcp-server/src/test/scripted-program.ts', []),
  embedded: await start('snowflake-mcp', '../../apps/snowflake-mcp/src/main.ts', ['--port', '0']),
}
const bare = await start('bare Fastify route', './programs/fastify-route.ts', [JSON.stringify(await resultsByTool())])
const contenders = await Promise.all(wantedCalls.map(contendersFor))
console.log(renderReport(await interleave(contenders.flat(), rounds, 1)))

async function start(name: string, entry: string, args: readonly string[]): Promise<RunningProgram> {
  const program = await startProgram({ name, entry: new URL(entry, import.meta.url), args })
  for (const child of childrenOf(program.pid)) pin(child, cores.load)
  pin(program.pid, cores.target)
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

/** The bare route first, then snowflake-mcp in each era. */
async function contendersFor(call: MeasuredCall): Promise<Contender[]> {
  const named = `\`${call.tool}\``
  const ours = servers[call.snowflake]
  const bareRoute = contender(`bare Fastify route, answer of ${named}`, bare, 'stateless', call)
  return Promise.all([bareRoute, ...eras.map((era) => contender(`snowflake-mcp ${named}, ${era}`, ours, era, call))])
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

function renderReport(measured: readonly Rounds[]): string {
  const head = ['server', 'µs of CPU per call', '× bare route', 'µs of the embedded Snowflake', 'calls per second']
  const groupSize = 1 + eras.length
  const rows = measured.map((one, index) => {
    const bareRoute = measured[index - (index % groupSize)] ?? one
    return [
      one.name,
      renderSpread(valuesOf(one, 'cpuPerCall'), 0),
      one === bareRoute ? '1' : renderSpread(ratiosOf(one, bareRoute, 'cpuPerCall'), 1),
      renderNumber(median(valuesOf(one, 'snowflakeCpuPerCall')), 0),
      renderNumber(median(valuesOf(one, 'callsPerSecond')), 0),
    ]
  })
  return [renderTable(head, rows), '', renderConditions({ connections, rounds, measuredSeconds, loadBefore })].join('\n')
}
