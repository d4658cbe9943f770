// How many calls a second of a load generator's CPU makes: Squall beside autocannon and undici, against the same target.
import { startProgram } from '@squall/program'
import { cores, pin } from './cores.ts'
import type { LoadRequest } from './load-job.ts'
import { loadAverage, renderConditions, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { interleave, median, ratiosOf, valuesOf, type Contender, type Figures, type Rounds } from './rounds.ts'
import { runArtillery } from './run-artillery.ts'
import { runLoadProgram } from './run-command.ts'
import { runSquall } from './run-squall.ts'
import { readSettings } from './settings.ts'

const connections = 50
const warmUpSeconds = 2
const squall = 'Squall'
const tool = 'echo'
const toolArguments = { text: 'hello' }

const { rounds, measuredSeconds, only } = readSettings({ rounds: 7, measuredSeconds: 4 })
const loadBefore = loadAverage()
const entry = new URL('./programs/echo-target.ts', import.meta.url)
const target = await startProgram({ name: 'echo target', entry })
try {
  pin(target.pid, cores.target)
  const contenders = contendersAt(target.url).filter(({ name }) => name.includes(only))
  console.log(renderReport(await interleave(contenders, rounds, 1)))
} finally {
  await target.stop()
}

function contendersAt(url: string): Contender[] {
  const job = { url, warmUpSeconds, measuredSeconds }
  const requests = Array.from({ length: connections }, requestLikeSqualls)
  return [
    {
      name: squall,
      measure: async () => toFigures(await runSquall({ ...job, tool, arguments: toolArguments, clients: connections })),
    },
    { name: 'autocannon', measure: async () => toFigures(await runLoadProgram('autocannon', { ...job, requests })) },
    { name: 'undici', measure: async () => toFigures(await runLoadProgram('undici', { ...job, requests })) },
    {
      name: 'Artillery',
      measure: async () => toFigures(await runArtillery({ url, request: requestLikeSqualls(), clients: connections })),
    },
  ]
}

/** What Squall's own client sends, byte for byte but for the order of headers and the counting id. */
function requestLikeSqualls(): LoadRequest {
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'user-agent': 'squall',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 10_000, method: 'tools/call', params: { name: tool, arguments: toolArguments } }),
    isError: false,
  }
}

function toFigures({ calls, cpuSeconds }: { readonly calls: number; readonly cpuSeconds: number }): Figures {
  return { callsPerCpuSecond: calls / cpuSeconds }
}

function renderReport(measured: readonly Rounds[]): string {
  const others = measured.filter(({ name }) => name !== squall)
  const head = ['client', 'calls per CPU-second', 'µs of CPU per call', ...others.map(({ name }) => `÷ ${name}`)]
  const rows = measured.map((one) => {
    const perCpuSecond = valuesOf(one, 'callsPerCpuSecond')
    return [
      one.name,
      renderSpread(perCpuSecond, 0),
      renderNumber(1e6 / median(perCpuSecond), 1),
      ...others.map((other) => (one === other ? '1' : renderSpread(ratiosOf(one, other, 'callsPerCpuSecond'), 2))),
    ]
  })
  return [renderTable(head, rows), '', renderConditions({ connections, rounds, measuredSeconds, loadBefore })].join('\n')
}
