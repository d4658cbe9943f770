import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleRun, type SampleOptions } from '../test/sample-run.ts'
import { toSummary, type SummaryInput, type TimelineSecond } from '../index.ts'
import type { Plot, PlotSet } from './plot.ts'
import { thinTimeline } from './thin-timeline.ts'
import { toPlots } from './to-plots.ts'

const plotsOf = (options: SampleOptions, overrides: Partial<SummaryInput> = {}): PlotSet =>
  toPlots(toSummary(sampleRun(options, overrides)))

function plot(set: PlotSet, id: string): Plot {
  const found = set.plots.find((plot) => plot.id === id)
  if (!found) throw new Error(`no plot ${id}`)
  return found
}

test('a good run has every plot but that of failures', () => {
  const ids = plotsOf({ seconds: 20 }).plots.map(({ id }) => id)
  expect(ids).toEqual(['response', 'service', 'throughput', 'tools', 'clients', 'generator-cpu', 'generator-delay'])
  expect(plotsOf({ seconds: 20, failures: { 'http.429': 0.5 } }).plots.map(({ id }) => id)).toContain('failures')
})

test('seconds without an answer are gaps in times and zeros in counts', () => {
  const set = plotsOf({ seconds: 20, stall: { from: 8, to: 11 } })
  const gaps = plot(set, 'response').series[0]?.values.flatMap((value, index) => (value === null ? [index] : []))
  expect(gaps).toEqual([8, 9, 10])
  expect(plot(set, 'throughput').series[0]?.values.slice(8, 11)).toEqual([0, 0, 0])
})

test('seconds nobody reported are gaps everywhere', () => {
  const summary = toSummary(sampleRun({ seconds: 10 }))
  const set = toPlots({ ...summary, timeline: summary.timeline.filter(({ second }) => second < 3 || second > 5) })
  for (const { series } of set.plots) for (const { values } of series) expect(values.slice(3, 6)).toEqual([null, null, null])
  expect(set.seconds).toHaveLength(10)
})

test('a tool that is called as something is that every object has is drawn like any other', () => {
  const summary = toSummary(sampleRun({ seconds: 4 }))
  const timeline = summary.timeline.map((point, index) => ({
    ...point,
    toolCalls: { echo: 1, ...(index === 2 && { constructor: 9 }) },
  }))
  const { series } = plot(toPlots({ ...summary, timeline }), 'tools')
  expect(series.find(({ label }) => label === 'constructor')?.values).toEqual([0, 0, 9, 0])
})

test('response and service times share a scale', () => {
  const set = plotsOf({ seconds: 20 })
  expect(plot(set, 'response').highest).toBe(plot(set, 'service').highest)
})

test('many tools: the largest have colours of their own, the rest is one part, and nothing is lost', () => {
  const tools = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`t${index}`, { weight: index + 1, medianMs: 5 }]))
  const set = plotsOf({ seconds: 20, tools })
  const { series } = plot(set, 'tools')
  expect(series).toHaveLength(8)
  expect(series.at(-1)).toMatchObject({ label: '13 others', color: 'other' })
  expect(new Set(series.map(({ color }) => color)).size).toBe(8)
  const calls = plot(set, 'throughput').series[0]?.values
  expect(series[0]?.values.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0))).toEqual(calls)
  expect(plot(set, 'tools').description).toMatch(
    /^Together at most \d+\/s, at 0:\d\d; the largest part is t19, \d+(\.\d)? % of all\.$/,
  )
})

test('a long run is thinned to about a point per pixel, and says so by its step', () => {
  const set = plotsOf({ seconds: 1000, clients: 2 })
  expect(set.stepSeconds).toBe(3)
  expect(set.seconds).toHaveLength(334)
  expect(set.seconds.slice(0, 3)).toEqual([0, 3, 6])
})

test('thinning loses no second and invents none', () => {
  const timeline = fc
    .uniqueArray(fc.integer({ min: 0, max: 500 }))
    .map((seconds) => seconds.map((second) => ({ second, seconds: 1 }) as TimelineSecond))
  fc.assert(
    fc.property(timeline, fc.integer({ min: 1, max: 60 }), (timeline, most) => {
      const { steps, stepSeconds } = thinTimeline(timeline, most)
      expect(steps.length).toBeLessThanOrEqual(most)
      expect(steps.flatMap(({ points }) => points).length).toBe(timeline.length)
      for (const { second, points } of steps) {
        for (const point of points) expect(Math.floor((point.second - second) / stepSeconds)).toBe(0)
      }
    }),
  )
})

test('warm-up and lost load are shaded', () => {
  const run = { ...sampleRun({ seconds: 1 }).run, warmUpSeconds: 5 }
  const loss = { shardSeconds: 7, snapshots: 0, gaps: [{ shard: 1, fromSecond: 42, toSecond: 49, cause: 'agent lost' }] }
  expect(plotsOf({ seconds: 60, clients: 2 }, { run, loss }).bands).toEqual([
    { from: 0, to: 5, label: 'warm-up, not counted' },
    { from: 42, to: 49, label: 'shard 1: agent lost' },
  ])
})

test('plots are told in words', () => {
  const set = plotsOf({ seconds: 60 })
  expect(plot(set, 'response').description).toMatch(/^p50 \d+ ms to \d+ ms, highest at 0:\d\d; p95 .*; p99 .*\.$/)
  expect(plot(set, 'throughput').description).toMatch(/; failed 0\/s throughout\.$/)
  expect(plot(set, 'clients').description).toContain('the largest part is claude_desktop, 30 % of all')
  expect(plot(plotsOf({ seconds: 5, stall: { from: 0, to: 5 } }), 'response').description).toBe('Nothing was measured.')
})

test('thresholds on times are lines in their plot, where they are near enough to be seen', () => {
  const expressions = ['p95<500ms', 'service.p95<600ms', 'p99<1h', 'p50>1ms', 'tool.execute_query.p99<300ms', 'failed<1%', 'odd']
  const thresholds = expressions.map((expression) => ({ expression, value: 1, ok: true }))
  const set = plotsOf({ seconds: 20 }, { thresholds })
  expect(plot(set, 'response').limits).toEqual([{ value: 500, label: 'p95<500ms' }])
  expect(plot(set, 'service').limits).toEqual([{ value: 600, label: 'service.p95<600ms' }])
  expect([plot(set, 'response').highest, plot(set, 'service').highest]).toEqual([600, 600])
  expect(plot(set, 'response').description).toMatch(/\. Dashed at 500 ms: p95<500ms\.$/)
})

test('the bounds of a healthy generator are lines too', () => {
  expect(plot(plotsOf({ seconds: 20 }), 'generator-cpu').limits).toEqual([{ value: 0.9, label: 'bound of a healthy generator' }])
})
