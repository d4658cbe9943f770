import { bucketSeconds, countsUpTo } from './call-buckets.ts'
import type { ExportedRun, ExportedSecond, ExportedSeries } from './numbers-export.ts'

/** AGGREGATION_TEMPORALITY_CUMULATIVE of metrics.proto. */
const cumulative = 2

type Attributes = Readonly<Record<string, string>>

interface Window {
  readonly startTimeUnixNano: string
  readonly timeUnixNano: string
}

/**
 * One request of OTLP/HTTP in its JSON encoding: all numbers since T0.
 * Source: opentelemetry-proto 1.x, `metrics/v1/metrics.proto`; 64-bit numbers are text there.
 */
export function toOtlpBody(run: ExportedRun, second: ExportedSecond, squallVersion: string): object {
  const window = { startTimeUnixNano: nanoseconds(second.startAtWallMs), timeUnixNano: nanoseconds(second.atWallMs) }
  const resource = { 'service.name': 'squall', 'squall.run.id': run.id, 'squall.pack': run.pack, 'squall.target': run.target }
  return {
    resourceMetrics: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeMetrics: [{ scope: { name: 'squall', version: squallVersion }, metrics: metricsOf(second, window) }],
      },
    ],
  }
}

function metricsOf({ series, clients, counters, generator }: ExportedSecond, window: Window): object[] {
  return [
    sum(
      'squall.calls',
      '{call}',
      series.flatMap((one) => callPoints(one, window)),
    ),
    histogram('squall.response.duration', series, 'response', window),
    histogram('squall.service.duration', series, 'service', window),
    gauge(
      'squall.clients',
      '{client}',
      Object.entries(clients).map(([kind, count]) => point({ client_kind: kind }, count, window)),
    ),
    sum('squall.clients.started', '{client}', [point({}, counters.clientsStarted, window)]),
    sum('squall.starts.dropped', '{start}', [point({}, counters.droppedStarts, window)]),
    sum('squall.sessions.opened', '{session}', [point({}, counters.sessionsOpened, window)]),
    sum('squall.bytes.sent', 'By', [point({}, counters.bytesSent, window)]),
    sum('squall.bytes.received', 'By', [point({}, counters.bytesReceived, window)]),
    sum('squall.replies.stray', '{reply}', [point({}, counters.strayReplies, window)]),
    gauge('squall.generator.cpu', '1', [point({}, generator.cpuRatio, window)]),
    gauge('squall.generator.event_loop_delay.p99', 's', [point({}, generator.eventLoopDelayP99Ms / 1000, window)]),
    gauge('squall.generator.schedule_lag.p99', 's', [point({}, generator.scheduleLagP99Ms / 1000, window)]),
  ]
}

const sum = (name: string, unit: string, dataPoints: readonly object[]): object => ({
  name,
  unit,
  sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints },
})

const gauge = (name: string, unit: string, dataPoints: readonly object[]): object => ({ name, unit, gauge: { dataPoints } })

function histogram(name: string, series: readonly ExportedSeries[], which: 'response' | 'service', window: Window): object {
  const dataPoints = series.map(({ key, sinceStart }) => {
    const times = sinceStart[which]
    const upTo = countsUpTo(times)
    const buckets = [...upTo, times.count].map((count, index) => String(count - (index === 0 ? 0 : (upTo[index - 1] ?? 0))))
    return {
      attributes: toAttributes(attributesOf(key)),
      ...window,
      count: String(times.count),
      sum: (times.meanMs * times.count) / 1000,
      min: times.minMs / 1000,
      max: times.maxMs / 1000,
      explicitBounds: bucketSeconds,
      bucketCounts: buckets,
    }
  })
  return { name, unit: 's', histogram: { aggregationTemporality: cumulative, dataPoints } }
}

function callPoints({ key, sinceStart }: ExportedSeries, window: Window): object[] {
  const outcomes = [['ok', sinceStart.ok] as const, ...sinceStart.errors]
  return outcomes.map(([outcome, count]) => point({ ...attributesOf(key), outcome }, count, window))
}

const attributesOf = ({ method, tool, clientKind, transport, phase }: ExportedSeries['key']): Attributes => ({
  method,
  tool,
  client_kind: clientKind,
  transport,
  phase,
})

const point = (attributes: Attributes, value: number, window: Window): object => ({
  attributes: toAttributes(attributes),
  ...window,
  ...(Number.isInteger(value) ? { asInt: String(value) } : { asDouble: value }),
})

const toAttributes = (attributes: Attributes): object[] =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))

/** Beyond what a number can hold exactly. */
const nanoseconds = (wallMs: number): string => String(BigInt(Math.round(wallMs)) * 1_000_000n)
