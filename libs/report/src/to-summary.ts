import type { FailureSample, GroupNumbers, LatencyHistogram, RunNumbers, TimelinePoint } from '@squall/metrics'
import type { RunInfo } from './run-info.ts'
import type {
  AgentInfo,
  Groups,
  KindEvidence,
  GroupSummary,
  LatencySummary,
  Loss,
  RunEventNote,
  Summary,
  ThresholdResult,
  TimelineSecond,
  Verdict,
} from './summary.ts'

export interface SummaryInput {
  readonly run: RunInfo
  readonly verdict: Verdict
  /** Why the verdict is not `pass`, one sentence each. */
  readonly reasons: readonly string[]
  readonly numbers: RunNumbers
  readonly thresholds: readonly ThresholdResult[]
  /** Whether the generator was the bottleneck. */
  readonly saturated: boolean
  readonly loss: Loss
  readonly agents: readonly AgentInfo[]
  /** A bounded number of failed calls. */
  readonly samples: readonly FailureSample[]
  /** Clients a closed plan asks for that were never started; 0 unless given. */
  readonly clientsNotStarted?: number
  /** What was done to the run from outside; nothing unless given. */
  readonly events?: readonly RunEventNote[]
  /** Of each client kind that the run uses. */
  readonly clientKindEvidence?: Readonly<Record<string, KindEvidence>>
}

/**
 * The contract's summary of a run: plain data in a fixed order of keys, numbers of at most three decimals, never NaN.
 * Names of tools, kinds, phases and codes are sorted, so that two summaries can be compared line by line.
 */
export function toSummary(input: SummaryInput): Summary {
  const { run, numbers } = input
  return {
    schema: 'squall/summary@1',
    run: toRun(run, numbers.measuredSeconds),
    verdict: input.verdict,
    reasons: [...input.reasons],
    totals: toTotals(numbers, input.clientsNotStarted ?? 0),
    warmUp: { calls: numbers.warmUp.calls, failed: numbers.warmUp.failed },
    rate: { callsPerSecond: perSecond(numbers.totals.calls, numbers.measuredSeconds) },
    latencyMs: { service: toLatency(numbers.totals.service), response: toLatency(numbers.totals.response) },
    tools: toGroups(numbers.tools),
    methods: toGroups(numbers.methods),
    clientKinds: toGroups(numbers.clientKinds),
    clientKindEvidence: toEvidence(input.clientKindEvidence ?? {}),
    transports: toGroups(numbers.transports),
    phases: toGroups(numbers.phases),
    latencies: Object.fromEntries(byName(numbers.latencies).map(([name, histogram]) => [name, toLatency(histogram)])),
    agents: input.agents.map(({ id, host, shards, state }) => ({ id, host, shards: [...shards], state })),
    errors: toCounts(numbers.errors),
    generator: toGenerator(numbers, input.saturated),
    loss: toLoss(input.loss, numbers.lateSnapshots),
    thresholds: input.thresholds.map(({ expression, value, ok }) => ({ expression, value: roundedOrNull(value), ok })),
    samples: input.samples.map(toSample),
    events: (input.events ?? []).map(({ second, text }) => ({ second: rounded(second), text })),
    timeline: numbers.timeline.map(toSecond),
  }
}

function toRun(run: RunInfo, measuredSeconds: number): Summary['run'] {
  const {
    id,
    pack,
    target,
    startedAt,
    runner,
    fabric,
    workers,
    seed,
    squallVersion,
    nodeVersion,
    planHash,
    model,
    machine,
    arrivalSeconds,
  } = run
  return {
    id,
    pack,
    target,
    startedAt,
    durationSeconds: rounded(run.durationSeconds),
    warmUpSeconds: rounded(run.warmUpSeconds),
    measuredSeconds: rounded(measuredSeconds),
    runner,
    fabric,
    workers,
    seed,
    squallVersion,
    nodeVersion,
    planHash,
    model,
    arrivalSeconds: roundedOrNull(arrivalSeconds),
    machine: {
      cpuModel: machine.cpuModel,
      cpuCount: machine.cpuCount,
      memoryBytes: machine.memoryBytes,
      platform: machine.platform,
    },
  }
}

function toEvidence(evidence: Readonly<Record<string, KindEvidence>>): Record<string, KindEvidence> {
  return Object.fromEntries(
    byName(new Map(Object.entries(evidence))).map(([name, known]) => [name, { evidence: known.evidence, source: known.source }]),
  )
}

function toTotals({ totals, counters, clientsPeak, foldedCalls }: RunNumbers, clientsNotStarted: number): Summary['totals'] {
  return {
    calls: totals.calls,
    ok: totals.ok,
    failed: totals.failed,
    droppedStarts: counters.droppedStarts,
    clientsStarted: counters.clientsStarted,
    clientsPeak,
    clientsNotStarted,
    sessionsOpened: counters.sessionsOpened,
    bytesSent: counters.bytesSent,
    bytesReceived: counters.bytesReceived,
    strayReplies: counters.strayReplies,
    foldedCalls,
  }
}

function toGenerator({ totals, methods, generator }: RunNumbers, saturated: boolean): Summary['generator'] {
  const allCalls = [...methods.values()].reduce((sum, { calls }) => sum + calls, totals.calls)
  return {
    cpuSeconds: rounded(generator.cpuSeconds),
    callsPerCpuSecond: perSecond(allCalls, generator.cpuSeconds),
    eventLoopDelayP99Ms: rounded(generator.eventLoopDelay.quantileMs(0.99)),
    scheduleLagP99Ms: rounded(generator.scheduleLag.quantileMs(0.99)),
    peakRssBytes: generator.peakRssBytes,
    saturated,
  }
}

function toGroups(groups: ReadonlyMap<string, GroupNumbers>): Groups {
  return Object.fromEntries(byName(groups).map(([name, group]) => [name, toGroup(group)]))
}

function toGroup({ calls, ok, failed, errors, service, response }: GroupNumbers): GroupSummary {
  return { calls, ok, failed, errors: toCounts(errors), service: toLatency(service), response: toLatency(response) }
}

function toLatency(histogram: LatencyHistogram): LatencySummary {
  const quantile = (q: number): number => rounded(histogram.quantileMs(q))
  return {
    min: rounded(histogram.minMs),
    mean: rounded(histogram.meanMs),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: rounded(histogram.maxMs),
    count: histogram.count,
  }
}

function toLoss({ shardSeconds, snapshots, gaps }: Loss, lateSnapshots: number): Summary['loss'] {
  return {
    shardSeconds: rounded(shardSeconds),
    snapshots,
    lateSnapshots,
    gaps: gaps.map(({ shard, fromSecond, toSecond, cause }) => ({ shard, fromSecond, toSecond, cause })),
  }
}

function toSample({ code, method, name, message, request, reply, serviceMs }: FailureSample): FailureSample {
  return { code, method, name, message, request, reply, serviceMs: rounded(serviceMs) }
}

function toSecond(point: TimelinePoint): TimelineSecond {
  return {
    second: point.second,
    seconds: point.seconds,
    calls: point.calls,
    failed: point.failed,
    clients: point.clients,
    p50: roundedOrNull(point.p50),
    p95: roundedOrNull(point.p95),
    p99: roundedOrNull(point.p99),
    serviceP50: roundedOrNull(point.serviceP50),
    serviceP95: roundedOrNull(point.serviceP95),
    serviceP99: roundedOrNull(point.serviceP99),
    droppedStarts: point.droppedStarts,
    clientsByKind: sorted(point.clientsByKind),
    toolCalls: sorted(point.toolCalls),
    errors: sorted(point.errors),
    generatorCpu: rounded(point.generatorCpu),
    eventLoopUtilization: rounded(point.eventLoopUtilization),
    eventLoopDelayP99Ms: rounded(point.eventLoopDelayP99Ms),
    scheduleLagP99Ms: rounded(point.scheduleLagP99Ms),
  }
}

const toCounts = (counts: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(byName(counts))

const sorted = (counts: Readonly<Record<string, number>>): Record<string, number> => toCounts(new Map(Object.entries(counts)))

const byName = <V>(entries: ReadonlyMap<string, V>): [string, V][] =>
  [...entries].toSorted(([left], [right]) => (left < right ? -1 : 1))

const perSecond = (count: number, seconds: number): number => (seconds > 0 ? rounded(count / seconds) : 0)

const roundedOrNull = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : rounded(value))

/** Three decimals: microseconds where the unit is milliseconds. What JSON cannot say is 0. */
function rounded(value: number): number {
  const thousandths = Math.round(value * 1000)
  return Number.isFinite(thousandths) && thousandths !== 0 ? thousandths / 1000 : 0
}
