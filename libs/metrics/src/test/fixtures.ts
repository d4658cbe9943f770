import fc from 'fast-check'
import {
  LatencyHistogram,
  type GroupNumbers,
  type ProcessHealth,
  type RunNumbers,
  type SeriesKey,
  type Snapshot,
} from '../index.ts'

export const keyOf = (changes: Partial<SeriesKey> = {}): SeriesKey => ({
  method: 'tools/call',
  tool: 'echo',
  clientKind: 'http_client',
  transport: 'streamable-http',
  phase: '',
  ...changes,
})

export const idle: ProcessHealth = {
  cpuMs: 100,
  wallMs: 1_000,
  rssBytes: 50_000_000,
  eventLoopUtilization: 0.1,
  eventLoopDelay: new Uint8Array(0),
}

export const encoded = (...values: readonly number[]): Uint8Array => {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram.encode()
}

export function snapshotOf(second: number, changes: Partial<Snapshot> = {}): Snapshot {
  const generator = { ...idle, scheduleLag: new Uint8Array(0) }
  return { second, clients: {}, counters: {}, series: [], foldedCalls: 0, generator, ...changes }
}

/** Calls of one series that all took `latencyMs`. */
export function callsOf(
  key: Partial<SeriesKey>,
  latencyMs: number,
  ok: number,
  errors: Record<string, number> = {},
): Snapshot['series'][number] {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  const latencies = encoded(...Array.from({ length: ok + failed }, () => latencyMs))
  return { key: keyOf(key), ok, failed, errors, service: latencies, response: latencies }
}

export interface RecordedCall {
  readonly second: number
  readonly shard: number
  readonly key: SeriesKey
  readonly serviceMs: number
  readonly waitedMs: number
  readonly errorCode: string | undefined
}

export const recordedCalls = (seconds: number, shards: number): fc.Arbitrary<RecordedCall[]> =>
  fc.array(
    fc.record({
      second: fc.nat(seconds - 1),
      shard: fc.nat(shards - 1),
      key: fc.record({
        method: fc.constantFrom('tools/call', 'tools/call', 'initialize'),
        tool: fc.constantFrom('echo', 'add'),
        clientKind: fc.constantFrom('cursor', 'vscode'),
        transport: fc.constantFrom('streamable-http', 'stdio'),
        phase: fc.constantFrom('', 'ramp'),
      }),
      serviceMs: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
      waitedMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
      errorCode: fc.constantFrom(undefined, undefined, 'http.429', 'tool.is_error'),
    }),
    { maxLength: 80 },
  )

const group = ({ calls, ok, failed, errors, service, response }: GroupNumbers): unknown => ({
  calls,
  ok,
  failed,
  errors: sorted(errors),
  ...Object.fromEntries(
    Object.entries({ service, response }).map(([name, histogram]) => [
      name,
      [histogram.count, histogram.minMs, histogram.maxMs, ...[0.1, 0.5, 0.9, 0.99].map((q) => histogram.quantileMs(q))],
    ]),
  ),
})

const groups = (map: ReadonlyMap<string, GroupNumbers>): unknown =>
  sorted(new Map([...map].map(([name, each]) => [name, group(each)])))

const sorted = (map: ReadonlyMap<string, unknown>): unknown => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** Everything of a run's numbers that must not depend on how it was cut into snapshots, in a form that can be compared. */
export const comparable = (numbers: RunNumbers): unknown => ({
  totals: group(numbers.totals),
  tools: groups(numbers.tools),
  methods: groups(numbers.methods),
  clientKinds: groups(numbers.clientKinds),
  transports: groups(numbers.transports),
  phases: groups(numbers.phases),
  errors: sorted(numbers.errors),
  counters: numbers.counters,
  warmUp: numbers.warmUp,
})
