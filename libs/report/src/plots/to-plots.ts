import type { Summary, TimelineSecond } from '../summary.ts'
import { describePlot } from './describe-plot.ts'
import type { Plot, PlotBand, PlotColor, PlotSeries, PlotSet } from './plot.ts'
import { meanOf, thinTimeline, worstOf, type TimelineStep } from './thin-timeline.ts'

/** About one point per pixel of a plot: more would only paint over each other. */
const mostSteps = 480

/** Everything the page plots, as plain data: latency, throughput, clients, failures, and the generator's own health. */
export function toPlots(summary: Summary): PlotSet {
  const { stepSeconds, steps } = thinTimeline(summary.timeline, mostSteps)
  const seconds = steps.map(({ second }) => second)
  const drafts = [
    ...latencyPlots(steps),
    throughputPlot(steps),
    stackedPlot('tools', 'Calls by tool', 'per-second', steps, 'toolCalls'),
    stackedPlot('clients', 'Clients by kind', 'count', steps, 'clientsByKind'),
    stackedPlot('failures', 'Failures by code', 'per-second', steps, 'errors'),
    ...generatorPlots(steps),
  ].filter(({ series }) => series.length > 0)
  const plots = drafts.map((plot) => Object.assign(plot, { description: describePlot(plot, seconds) }))
  return { seconds, stepSeconds, bands: toBands(summary), plots }
}

type Draft = Omit<Plot, 'description'>

function latencyPlots(steps: readonly TimelineStep[]): Draft[] {
  const worst = (label: string, color: PlotColor, read: (point: TimelineSecond) => number | null): PlotSeries => ({
    label,
    color,
    values: steps.map((step) => worstOf(step, read)),
  })
  const response = [
    worst('p50', 'p50', ({ p50 }) => p50),
    worst('p95', 'p95', ({ p95 }) => p95),
    worst('p99', 'p99', ({ p99 }) => p99),
  ]
  const service = [
    worst('p50', 'p50', ({ serviceP50 }) => serviceP50),
    worst('p95', 'p95', ({ serviceP95 }) => serviceP95),
    worst('p99', 'p99', ({ serviceP99 }) => serviceP99),
  ]
  // One scale for both, so that the difference between them, the waiting, is seen.
  const highest = highestOf([...response, ...service])
  return [
    { id: 'response', title: 'Response time', unit: 'ms', isStacked: false, series: response, highest },
    { id: 'service', title: 'Service time', unit: 'ms', isStacked: false, series: service, highest },
  ]
}

function throughputPlot(steps: readonly TimelineStep[]): Draft {
  const series: PlotSeries[] = [
    { label: 'calls', color: 'calls', values: steps.map((step) => meanOf(step, ({ calls }) => calls)) },
    { label: 'failed', color: 'failed', values: steps.map((step) => meanOf(step, ({ failed }) => failed)) },
  ]
  return { id: 'throughput', title: 'Tool calls', unit: 'per-second', isStacked: false, series, highest: highestOf(series) }
}

/** As many parts as there are colours that can be told apart; the smallest ones share the last. */
const mostParts = 8

function stackedPlot(
  id: string,
  title: string,
  unit: Draft['unit'],
  steps: readonly TimelineStep[],
  field: 'toolCalls' | 'clientsByKind' | 'errors',
): Draft {
  const names = namesBySize(steps, field)
  const own = names.length <= mostParts ? names : names.slice(0, mostParts - 1)
  const rest = new Set(names.slice(own.length))
  const series = own.map((name, index) => part(name, kindColor(index), steps, (point) => point[field][name] ?? 0))
  if (rest.size > 0) series.push(part(`${rest.size} others`, 'other', steps, (point) => sumOf(point[field], rest)))
  const totals = steps.map((step) => meanOf(step, (point) => sumOf(point[field])) ?? 0)
  return { id, title, unit, isStacked: true, series, highest: Math.max(0, ...totals) }
}

function part(
  label: string,
  color: PlotColor,
  steps: readonly TimelineStep[],
  read: (point: TimelineSecond) => number,
): PlotSeries {
  return { label, color, values: steps.map((step) => meanOf(step, read)) }
}

const kindColor = (index: number): PlotColor => `kind-${(index + 1) as 1}`

function namesBySize(steps: readonly TimelineStep[], field: 'toolCalls' | 'clientsByKind' | 'errors'): string[] {
  const totals = new Map<string, number>()
  for (const point of steps.flatMap(({ points }) => points)) {
    for (const [name, count] of Object.entries(point[field])) totals.set(name, (totals.get(name) ?? 0) + count)
  }
  return [...totals].toSorted(([, left], [, right]) => right - left).map(([name]) => name)
}

function sumOf(counts: Readonly<Record<string, number>>, names?: ReadonlySet<string>): number {
  return Object.entries(counts).reduce((sum, [name, count]) => (names === undefined || names.has(name) ? sum + count : sum), 0)
}

function generatorPlots(steps: readonly TimelineStep[]): Draft[] {
  const worst = (label: string, color: PlotColor, read: (point: TimelineSecond) => number): PlotSeries => ({
    label,
    color,
    values: steps.map((step) => worstOf(step, read)),
  })
  const cpu = [
    worst('CPU', 'calls', ({ generatorCpu }) => generatorCpu),
    worst('event loop', 'p99', ({ eventLoopUtilization }) => eventLoopUtilization),
  ]
  const delays = [
    worst('event loop delay p99', 'p95', ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms),
    worst('schedule lag p99', 'p99', ({ scheduleLagP99Ms }) => scheduleLagP99Ms),
  ]
  return [
    {
      id: 'generator-cpu',
      title: 'Generator: busiest process',
      unit: 'share',
      isStacked: false,
      series: cpu,
      highest: Math.max(1, highestOf(cpu)),
    },
    {
      id: 'generator-delay',
      title: 'Generator: lateness',
      unit: 'ms',
      isStacked: false,
      series: delays,
      highest: highestOf(delays),
    },
  ]
}

function highestOf(series: readonly PlotSeries[]): number {
  return series.reduce((top, { values }) => values.reduce<number>((high, value) => Math.max(high, value ?? 0), top), 0)
}

function toBands({ run, loss }: Summary): PlotBand[] {
  const warmUp = run.warmUpSeconds > 0 ? [{ from: 0, to: run.warmUpSeconds, label: 'warm-up, not counted' }] : []
  const gaps = loss.gaps.map(({ shard, fromSecond, toSecond, cause }) => ({
    from: fromSecond,
    to: toSecond,
    label: `shard ${shard}: ${cause}`,
  }))
  return [...warmUp, ...gaps]
}
