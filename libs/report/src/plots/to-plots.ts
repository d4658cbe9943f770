import type { Summary, TimelineSecond } from '../summary.ts'
import { describePlot } from './describe-plot.ts'
import type { Plot, PlotBand, PlotColor, PlotSeries, PlotSet } from './plot.ts'
import { findLimits, fitLimits } from './plot-limits.ts'
import { meanLevelOf, meanOf, thinTimeline, worstOf, type TimelineStep } from './thin-timeline.ts'

/** About one point per pixel of a plot: more would only paint over each other. */
const mostSteps = 480

/** Everything the page plots, as plain data: latency, throughput, clients, failures, and the generator's own health. */
export function toPlots(summary: Summary): PlotSet {
  const { stepSeconds, steps } = thinTimeline(summary.timeline, mostSteps)
  const seconds = steps.map(({ second }) => second)
  const drafts = [
    ...latencyPlots(steps, summary),
    throughputPlot(steps),
    stackedPlot('tools', 'Calls by tool', 'per-second', steps, 'toolCalls'),
    stackedPlot('clients', 'Clients by kind', 'count', steps, 'clientsByKind'),
    stackedPlot('failures', 'Failures by code', 'per-second', steps, 'errors'),
    ...generatorPlots(steps, summary),
  ].filter(({ series }) => series.length > 0)
  const plots = drafts.map((plot) => Object.assign(plot, { description: describePlot(plot, seconds) }))
  return {
    seconds,
    stepSeconds,
    bands: toBands(summary),
    marks: summary.events.map(({ second, text }) => ({ at: second, label: text })),
    plots,
  }
}

type Draft = Omit<Plot, 'description'>

function latencyPlots(steps: readonly TimelineStep[], { thresholds }: Summary): Draft[] {
  const response = [
    worst(steps, 'p50', 'p50', ({ p50 }) => p50),
    worst(steps, 'p95', 'p95', ({ p95 }) => p95),
    worst(steps, 'p99', 'p99', ({ p99 }) => p99),
  ]
  const service = [
    worst(steps, 'p50', 'p50', ({ serviceP50 }) => serviceP50),
    worst(steps, 'p95', 'p95', ({ serviceP95 }) => serviceP95),
    worst(steps, 'p99', 'p99', ({ serviceP99 }) => serviceP99),
  ]
  const reached = highestOf([...response, ...service])
  const ofResponse = fitLimits(reached, findLimits('response', thresholds))
  const ofService = fitLimits(reached, findLimits('service', thresholds))
  // One scale for both, so that the difference between them, the waiting, is seen.
  const highest = Math.max(ofResponse.highest, ofService.highest)
  const shared = { unit: 'ms', isStacked: false, highest } as const
  return [
    { id: 'response', title: 'Response time', series: response, limits: ofResponse.limits, ...shared },
    { id: 'service', title: 'Service time', series: service, limits: ofService.limits, ...shared },
  ]
}

function worst(
  steps: readonly TimelineStep[],
  label: string,
  color: PlotColor,
  read: (point: TimelineSecond) => number | null,
): PlotSeries {
  return { label, color, values: steps.map((step) => worstOf(step, read)) }
}

function throughputPlot(steps: readonly TimelineStep[]): Draft {
  const series: PlotSeries[] = [
    { label: 'calls', color: 'calls', values: steps.map((step) => meanOf(step, ({ calls }) => calls)) },
    { label: 'failed', color: 'failed', values: steps.map((step) => meanOf(step, ({ failed }) => failed)) },
  ]
  const highest = highestOf(series)
  return { id: 'throughput', title: 'Tool calls', unit: 'per-second', isStacked: false, series, highest, limits: [] }
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
  const mean = field === 'clientsByKind' ? meanLevelOf : meanOf
  const part = (label: string, color: PlotColor, read: (point: TimelineSecond) => number): PlotSeries => ({
    label,
    color,
    values: steps.map((step) => mean(step, read)),
  })
  const series = own.map((name, index) => part(name, kindColor(index), (point) => ownCount(point[field], name)))
  if (rest.size > 0) series.push(part(`${rest.size} others`, 'other', (point) => sumOf(point[field], rest)))
  const totals = steps.map((step) => mean(step, (point) => sumOf(point[field])) ?? 0)
  return { id, title, unit, isStacked: true, series, highest: Math.max(0, ...totals), limits: [] }
}

const kindColor = (index: number): PlotColor => `kind-${(index + 1) as 1}`

function namesBySize(steps: readonly TimelineStep[], field: 'toolCalls' | 'clientsByKind' | 'errors'): string[] {
  const totals = new Map<string, number>()
  for (const point of steps.flatMap(({ points }) => points)) {
    for (const [name, count] of Object.entries(point[field])) totals.set(name, (totals.get(name) ?? 0) + count)
  }
  return [...totals].toSorted(([, left], [, right]) => right - left).map(([name]) => name)
}

/** A tool may be called as something is that every object has. */
const ownCount = (counts: Readonly<Record<string, number>>, name: string): number =>
  Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0

function sumOf(counts: Readonly<Record<string, number>>, names?: ReadonlySet<string>): number {
  return Object.entries(counts).reduce((sum, [name, count]) => (names === undefined || names.has(name) ? sum + count : sum), 0)
}

function generatorPlots(steps: readonly TimelineStep[], { thresholds }: Summary): Draft[] {
  const cpu = [
    worst(steps, 'CPU', 'calls', ({ generatorCpu }) => generatorCpu),
    worst(steps, 'event loop', 'p99', ({ eventLoopUtilization }) => eventLoopUtilization),
  ]
  const delays = [
    worst(steps, 'event loop delay p99', 'p95', ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms),
    worst(steps, 'schedule lag p99', 'p99', ({ scheduleLagP99Ms }) => scheduleLagP99Ms),
  ]
  const ofCpu = fitLimits(Math.max(1, highestOf(cpu)), findLimits('generator-cpu', thresholds))
  const ofDelays = fitLimits(highestOf(delays), findLimits('generator-delay', thresholds))
  return [
    { id: 'generator-cpu', title: 'Generator: busiest process', unit: 'share', isStacked: false, series: cpu, ...ofCpu },
    { id: 'generator-delay', title: 'Generator: lateness', unit: 'ms', isStacked: false, series: delays, ...ofDelays },
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
