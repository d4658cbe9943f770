import { LatencyHistogram, type GroupNumbers, type RunNumbers, type TimelinePoint } from '@squall/metrics'
import type { SummaryInput } from '../to-summary.ts'

export interface SampleOptions {
  readonly seconds?: number
  readonly clients?: number
  readonly tools?: Readonly<Record<string, ToolShape>>
  /** Failures of `tools/call` to sprinkle in, by code, as a share of calls. */
  readonly failures?: Readonly<Record<string, number>>
  /** Seconds in which the server stood still. */
  readonly stall?: { readonly from: number; readonly to: number }
  readonly generatorCpu?: number
  readonly seed?: number
}

interface ToolShape {
  readonly weight: number
  readonly medianMs: number
}

const defaultTools: Readonly<Record<string, ToolShape>> = {
  execute_query: { weight: 4, medianMs: 62 },
  query_view: { weight: 3, medianMs: 48 },
  list_databases: { weight: 2, medianMs: 11 },
  list_views: { weight: 1.5, medianMs: 17 },
  describe_view: { weight: 1, medianMs: 14 },
}

const kinds = { claude_desktop: 0.3, claude_code: 0.25, cursor: 0.2, vscode: 0.15, http_client: 0.1 }

class Group implements GroupNumbers {
  calls = 0
  ok = 0
  failed = 0
  readonly errors = new Map<string, number>()
  readonly service = new LatencyHistogram()
  readonly response = new LatencyHistogram()

  add(serviceMs: number, responseMs: number, code?: string): void {
    this.calls++
    this.service.record(serviceMs)
    this.response.record(responseMs)
    if (code === undefined) this.ok++
    else {
      this.failed++
      this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
    }
  }
}

/** A run as the controller hands it over: recorded call by call through real histograms, the same for the same seed. */
export function sampleRun(options: SampleOptions = {}, overrides: Partial<SummaryInput> = {}): SummaryInput {
  const seconds = options.seconds ?? 60
  return {
    run: {
      id: '2026-11-22T10-00-00Z-heavy-7f3a',
      pack: 'heavy',
      target: 'http://127.0.0.1:3000/mcp',
      startedAt: '2026-11-22T10:00:00.000Z',
      durationSeconds: seconds,
      warmUpSeconds: 0,
      runner: 'native',
      fabric: 'local',
      workers: 2,
      seed: 1,
      squallVersion: '0.1.0',
      nodeVersion: 'v24.21.0',
      arrivalSeconds: null,
      planHash: '0123456789abcdef',
      model: `closed: ${options.clients ?? 300} clients, 20 started per second`,
      machine: { cpuModel: 'AMD EPYC 7B13', cpuCount: 2, memoryBytes: 24 * 2 ** 30, platform: 'linux x64' },
    },
    verdict: 'pass',
    reasons: [],
    numbers: sampleNumbers(options),
    thresholds: [
      { expression: 'p95<500ms', value: 214.5, ok: true },
      { expression: 'failed<1%', value: 0, ok: true },
      { expression: 'tool.execute_query.p99<2s', value: 481.2, ok: true },
    ],
    saturated: false,
    loss: { shardSeconds: 0, snapshots: 0, gaps: [] },
    samples: [],
    clientKindEvidence: {
      claude_code: { evidence: 'captured', source: 'Claude Code 2.1.330, both eras' },
      claude_desktop: { evidence: 'reported', source: 'name and discover probe reported' },
      cursor: { evidence: 'reported', source: 'trace published in June 2026' },
      http_client: { evidence: 'assumed', source: 'the least a client may do by the specification' },
      vscode: { evidence: 'reported', source: 'VS Code 1.140, from its published source' },
    },
    agents: [{ id: 'local', host: 'builder-3', shards: [0, 1], state: 'finished' }],
    ...overrides,
  }
}

function sampleNumbers(options: SampleOptions = {}): RunNumbers {
  return new SampleLoad(options).run()
}

const quantile = (histogram: LatencyHistogram, q: number): number | null =>
  histogram.count === 0 ? null : histogram.quantileMs(q)

class SampleLoad {
  readonly #options: SampleOptions
  readonly #random: () => number
  readonly #tools: Readonly<Record<string, ToolShape>>
  readonly #clients: number
  readonly #all = new Group()
  readonly #groups = {
    tools: new Map<string, Group>(),
    methods: new Map<string, Group>(),
    clientKinds: new Map<string, Group>(),
    transports: new Map<string, Group>(),
    phases: new Map<string, Group>(),
  }
  readonly #errors = new Map<string, number>()

  constructor(options: SampleOptions) {
    this.#options = options
    this.#random = createRandom(options.seed ?? 1)
    this.#tools = options.tools ?? defaultTools
    this.#clients = options.clients ?? 300
  }

  run(): RunNumbers {
    const timeline = Array.from({ length: this.#options.seconds ?? 60 }, (_, second) => this.#second(second))
    for (let client = 0; client < this.#clients; client++) this.#open(client)
    const eventLoopDelay = new LatencyHistogram()
    const scheduleLag = new LatencyHistogram()
    for (let count = 0; count < 2000; count++) {
      eventLoopDelay.record(this.#spread(1.1, 0.5))
      scheduleLag.record(this.#spread(0.6, 0.8))
    }
    const clientsPeak = Math.max(0, ...timeline.map(({ clients }) => clients))
    return {
      warmUpSeconds: 0,
      measuredSeconds: timeline.length,
      warmUp: { calls: 0, failed: 0 },
      foldedCalls: 0,
      lateSnapshots: 0,
      totals: this.#all,
      ...this.#groups,
      errors: this.#errors,
      latencies: new Map(),
      counters: {
        clientsStarted: this.#clients,
        clientsFinished: this.#clients,
        droppedStarts: timeline.reduce((sum, { droppedStarts }) => sum + droppedStarts, 0),
        sessionsOpened: this.#clients,
        bytesSent: this.#all.calls * 412,
        bytesReceived: this.#all.calls * 3_980,
        strayReplies: 0,
      },
      clientsPeak,
      timeline,
      generator: {
        cpuSeconds: (timeline.length * 2 * (this.#options.generatorCpu ?? 0.41)) / 1.3,
        peakRssBytes: 148 * 2 ** 20,
        eventLoopDelay,
        scheduleLag,
      },
    }
  }

  #second(second: number): TimelinePoint {
    const { stall } = this.#options
    const isStalled = stall !== undefined && second >= stall.from && second < stall.to
    const clients = Math.min(this.#clients, (second + 1) * Math.max(1, Math.round(this.#clients / 15)))
    const calls = isStalled ? 0 : Math.round(clients * 0.475 * (1 + 0.08 * (this.#random() - 0.5)))
    const seen = new Group()
    const toolCalls: Record<string, number> = {}
    const load = 1 + 0.6 * (clients / Math.max(1, this.#clients)) + (stall?.to === second ? 6 : 0)
    for (let call = 0; call < calls; call++) {
      const tool = this.#call(seen, load, clients)
      toolCalls[tool] = (toolCalls[tool] ?? 0) + 1
    }
    const cpu = this.#options.generatorCpu ?? 0.41
    return {
      second,
      seconds: 1,
      calls,
      failed: seen.failed,
      answered: seen.ok,
      clients,
      clientsByKind: Object.fromEntries(Object.entries(kinds).map(([kind, share]) => [kind, Math.round(clients * share)])),
      droppedStarts: isStalled ? 4 : 0,
      p50: quantile(seen.response, 0.5),
      p95: quantile(seen.response, 0.95),
      p99: quantile(seen.response, 0.99),
      serviceP50: quantile(seen.service, 0.5),
      serviceP95: quantile(seen.service, 0.95),
      serviceP99: quantile(seen.service, 0.99),
      toolCalls,
      errors: Object.fromEntries(seen.errors),
      generatorCpu: Math.min(1, cpu * (clients / Math.max(1, this.#clients)) * (0.9 + 0.2 * this.#random())),
      eventLoopUtilization: 0.4,
      eventLoopDelayP99Ms: this.#spread(2.2, 0.3),
      scheduleLagP99Ms: this.#spread(3.1, 0.4),
    }
  }

  #call(seen: Group, load: number, clients: number): string {
    const tool = this.#pick(Object.fromEntries(Object.entries(this.#tools).map(([name, { weight }]) => [name, weight])))
    const serviceMs = this.#spread((this.#tools[tool]?.medianMs ?? 20) * load, 0.55)
    const responseMs = serviceMs + (this.#random() < 0.1 ? this.#spread(18, 0.7) : this.#spread(0.5, 0.4))
    const code = this.#failure()
    const phase = clients < this.#clients ? 'ramp' : 'hold'
    const groups = [seen, this.#all, group(this.#groups.tools, tool), group(this.#groups.clientKinds, this.#pick(kinds))]
    for (const each of [...groups, group(this.#groups.transports, 'streamable-http'), group(this.#groups.phases, phase)]) {
      each.add(serviceMs, responseMs, code)
    }
    if (code !== undefined) this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
    return tool
  }

  #open(client: number): void {
    for (const [method, medianMs] of [
      ['initialize', 21],
      ['tools/list', 9],
    ] as const) {
      const ms = this.#spread(medianMs, 0.5) + (client % 97 === 0 ? 80 : 0)
      group(this.#groups.methods, method).add(ms, ms + 0.2)
    }
  }

  #failure(): string | undefined {
    for (const [code, share] of Object.entries(this.#options.failures ?? {})) if (this.#random() < share) return code
    return undefined
  }

  /** Log-normal, as latencies are. */
  #spread(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
    return median * Math.exp(sigma * normal)
  }

  #pick(weights: Readonly<Record<string, number>>): string {
    const entries = Object.entries(weights)
    let rest = this.#random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) if ((rest -= weight) < 0) return name
    return entries.at(-1)?.[0] ?? ''
  }
}

function group(groups: Map<string, Group>, name: string): Group {
  const found = groups.get(name) ?? new Group()
  groups.set(name, found)
  return found
}

/** Mulberry32: small, seeded, good enough for a picture. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
