import { bucketSeconds, countsUpTo } from './call-buckets.ts'
import type { ExportedRun, ExportedSecond, ExportedSeries } from './numbers-export.ts'

type Labels = Readonly<Record<string, string>>
type Sample = readonly [suffix: string, labels: Labels, value: number]

/** The numbers since T0 in Prometheus' text format, version 0.0.4. */
export function renderPrometheusText(run: ExportedRun, { series, clients, counters, generator }: ExportedSecond): string {
  return [
    family('squall_run_info', 'gauge', 'The run these numbers are of.', [
      ['', { run: run.id, pack: run.pack, target: run.target }, 1],
    ]),
    family('squall_calls_total', 'counter', 'MCP requests that ended, by outcome.', series.flatMap(toCalls)),
    family(
      'squall_response_seconds',
      'histogram',
      'From the intended start to the checked answer.',
      series.flatMap((one) => toTimes(one, 'response')),
    ),
    family(
      'squall_service_seconds',
      'histogram',
      'From the actual start to the checked answer.',
      series.flatMap((one) => toTimes(one, 'service')),
    ),
    family(
      'squall_clients',
      'gauge',
      'Virtual clients alive.',
      Object.entries(clients).map(([kind, count]) => ['', { client_kind: kind }, count]),
    ),
    counter('squall_clients_started_total', 'Virtual clients started.', counters.clientsStarted),
    counter('squall_dropped_starts_total', 'Starts that came too late to be made.', counters.droppedStarts),
    counter('squall_sessions_opened_total', 'MCP sessions opened.', counters.sessionsOpened),
    counter('squall_sent_bytes_total', 'Bytes of messages sent.', counters.bytesSent),
    counter('squall_received_bytes_total', 'Bytes of messages received.', counters.bytesReceived),
    counter(
      'squall_stray_replies_total',
      'Answers nobody waited for: late, doubled or with an unknown id.',
      counters.strayReplies,
    ),
    gauge('squall_generator_cpu_ratio', 'Share of one core the busiest generator uses.', generator.cpuRatio),
    gauge(
      'squall_generator_event_loop_delay_p99_seconds',
      'Of the generator that fares worst.',
      generator.eventLoopDelayP99Ms / 1000,
    ),
    gauge('squall_generator_schedule_lag_p99_seconds', 'Of the generator that fares worst.', generator.scheduleLagP99Ms / 1000),
  ].join('')
}

const counter = (name: string, help: string, value: number): string => family(name, 'counter', help, [['', {}, value]])
const gauge = (name: string, help: string, value: number): string => family(name, 'gauge', help, [['', {}, value]])

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(([suffix, labels, value]) => `${name}${suffix}${renderLabels(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labelsOf = ({ key }: ExportedSeries): Labels => ({
  method: key.method,
  tool: key.tool,
  client_kind: key.clientKind,
  transport: key.transport,
  phase: key.phase,
})

function toCalls(series: ExportedSeries): Sample[] {
  const outcomes = [['ok', series.sinceStart.ok] as const, ...series.sinceStart.errors]
  return outcomes.map(([outcome, count]) => ['', { ...labelsOf(series), outcome }, count])
}

function toTimes(series: ExportedSeries, which: 'response' | 'service'): Sample[] {
  const times = series.sinceStart[which]
  const labels = labelsOf(series)
  const counts = countsUpTo(times)
  return [
    ...bucketSeconds.map((end, index): Sample => ['_bucket', { ...labels, le: String(end) }, counts[index] ?? 0]),
    ['_bucket', { ...labels, le: '+Inf' }, times.count],
    ['_sum', labels, (times.meanMs * times.count) / 1000],
    ['_count', labels, times.count],
  ]
}
