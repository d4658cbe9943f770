import type { Comparison, ShownFigure } from './comparison.ts'
import type { LoadRequest, LoadResult } from './load-job.ts'
import type { Contender, Figures } from './rounds.ts'
import { runArtillery } from './run-artillery.ts'
import { runLoadProgram } from './run-command.ts'
import { runLocust } from './run-locust.ts'
import { runSquall } from './run-squall.ts'
import { callEcho, fullFlow, toPack, type SquallLoad } from './squall-pack.ts'
import type { Targets } from './targets.ts'

export interface GeneratorSettings {
  readonly targets: Targets
  readonly measuredSeconds: number
  readonly hasLocust: boolean
}

export const connections = 50
/** A client that pauses leaves its connection idle: more of them keep the generator busy all the same. */
const pausingClients = 200
/** Until V8 has compiled what runs often: a program of many parts needs longer for it than a small loop, above all on a busy machine. */
const warmUpSeconds = 4

const figure = 'calls per CPU-second'
const figures: readonly ShownFigure[] = [
  { figure, digits: 0, ratios: true },
  { figure: 'µs of CPU per call', digits: 1 },
]

/** Squall beside its peers, and beside itself where it does more than a bare call. */
export function generatorComparisons(settings: GeneratorSettings): Comparison[] {
  return [smallReplies(settings), largeReplies(settings), variants(settings), tls(settings), flows(settings)]
}

function smallReplies({ targets: { url }, hasLocust, ...settings }: GeneratorSettings): Comparison {
  const job = { url, requests: requestsLikeSqualls(), warmUpSeconds, measuredSeconds: settings.measuredSeconds }
  return {
    name: 'JSON replies of 1.3 KB',
    contenders: [
      squall('Squall', settings, url),
      { name: 'autocannon', measure: async () => toFigures(await runLoadProgram('autocannon', job)) },
      { name: 'undici', measure: async () => toFigures(await runLoadProgram('undici', job)) },
      { name: 'bare loop', measure: async () => toFigures(await runLoadProgram('bare-loop', job)) },
      ...(hasLocust ? [{ name: 'Locust', measure: async () => toFigures(await runLocust(job)) }] : []),
      {
        name: 'Artillery',
        measure: async () => toFigures(await runArtillery({ url, request: requestLikeSqualls, clients: connections })),
      },
    ],
    figures,
    goals: [
      { candidate: 'Squall', base: 'autocannon', figure, atLeast: 1.2 },
      { candidate: 'Squall', base: 'undici', figure, atLeast: 2 },
      { candidate: 'Squall', base: 'Locust', figure, atLeast: 8 },
      { candidate: 'Squall', base: 'Artillery', figure, atLeast: 20 },
    ],
  }
}

function largeReplies({ targets, ...settings }: GeneratorSettings): Comparison {
  const url = `${targets.url}?bytes=10240`
  const job = { url, requests: requestsLikeSqualls(), warmUpSeconds, measuredSeconds: settings.measuredSeconds }
  return {
    name: 'JSON replies of 10 KB',
    contenders: [
      squall('Squall', settings, url),
      { name: 'autocannon', measure: async () => toFigures(await runLoadProgram('autocannon', job)) },
      { name: 'undici', measure: async () => toFigures(await runLoadProgram('undici', job)) },
    ],
    figures,
    goals: [{ candidate: 'Squall', base: 'autocannon', figure, atLeast: 0.9 }],
  }
}

function variants({ targets: { url }, ...settings }: GeneratorSettings): Comparison {
  const [sse, modern] = ['Squall SSE', 'Squall 2026-07-28']
  return {
    name: 'SSE replies and the newest era',
    contenders: [
      squall(sse, settings, `${url}?reply=sse`),
      squall('Squall', settings, url),
      squall(modern, settings, `${url}?era=modern`, { protocolVersion: '2026-07-28' }),
    ],
    figures,
    goals: [
      { candidate: sse, base: 'Squall', figure, atLeast: 0.7 },
      { candidate: modern, base: 'Squall', figure, atLeast: 0.7 },
    ],
  }
}

function tls({ targets, measuredSeconds }: GeneratorSettings): Comparison {
  const job = { url: targets.tlsUrl, requests: requestsLikeSqualls(), warmUpSeconds, measuredSeconds }
  const env = { NODE_EXTRA_CA_CERTS: targets.certificateFile }
  return {
    name: 'over TLS',
    contenders: [
      squall('Squall TLS', { measuredSeconds }, targets.tlsUrl, {}, env),
      { name: 'autocannon TLS', measure: async () => toFigures(await runLoadProgram('autocannon', job)) },
    ],
    figures,
    goals: [{ candidate: 'Squall TLS', base: 'autocannon TLS', figure, atLeast: 1 }],
  }
}

function flows({ targets: { url }, ...settings }: GeneratorSettings): Comparison {
  const [full, bare] = ['Squall full flow', 'Squall bare call']
  return {
    name: 'a full flow',
    contenders: [
      squall(full, settings, url, { flow: fullFlow, clients: pausingClients }),
      squall(bare, settings, url, { clients: pausingClients }),
    ],
    figures,
    goals: [{ candidate: full, base: bare, figure, atLeast: 0.8 }],
  }
}

function squall(
  name: string,
  { measuredSeconds }: Pick<GeneratorSettings, 'measuredSeconds'>,
  url: string,
  load: Partial<SquallLoad> = {},
  env: Readonly<Record<string, string>> = {},
): Contender {
  const pack = toPack({ clients: connections, warmUpSeconds, measuredSeconds, flow: [callEcho], ...load })
  const measure = async (): Promise<Figures> => {
    const { totals, generator } = await runSquall(pack, url, { env })
    return toFigures({ calls: totals.calls, cpuSeconds: generator.cpuSeconds })
  }
  return { name, measure }
}

/** What Squall's own client sends, byte for byte but for the order of headers and the counting id. */
const requestLikeSqualls: LoadRequest = {
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'user-agent': 'squall',
    'mcp-protocol-version': '2025-11-25',
  },
  body: JSON.stringify({ jsonrpc: '2.0', id: 10_000, method: 'tools/call', params: callEcho.callTool }),
  isError: false,
}

const requestsLikeSqualls = (): LoadRequest[] => Array.from({ length: connections }, () => requestLikeSqualls)

function toFigures({ calls, cpuSeconds }: Pick<LoadResult, 'calls' | 'cpuSeconds'>): Figures {
  return { [figure]: calls / cpuSeconds, 'µs of CPU per call': (cpuSeconds * 1e6) / calls }
}
