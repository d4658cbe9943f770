import { changePoints, medianOf, metricScales, type MetricScaleName } from '@squall/baseline'
import type { History, HistoryChange, HistorySeries } from '@squall/report'
import { seededRandom } from '@squall/time'
import type { BaselineEntry } from './baseline-entry.ts'

/** The history of a baseline, with the runs from which on a metric keeps another level. */
export function toHistory(name: string, entries: readonly BaselineEntry[]): History {
  const keys = new Map(entries.flatMap(({ metrics }) => metrics.map((one) => [`${one.tool}\0${one.metric}`, one] as const)))
  const strictness = strictnessFor(keys.size)
  return {
    name,
    runs: entries.map(({ runId, startedAt }) => ({ id: runId, startedAt })),
    series: [...keys.values()].map(({ tool, metric, scale }) => {
      const values = entries.map(
        ({ metrics }) => metrics.find((one) => one.tool === tool && one.metric === metric)?.value ?? null,
      )
      return {
        tool,
        metric,
        isShare: scale === 'share',
        values,
        changes: changesOf(values, scale, strictness),
      } satisfies HistorySeries
    }),
  }
}

interface Strictness {
  readonly significance: number
  readonly permutations: number
}

/**
 * Bonferroni's correction: on a page of which nothing changed, the chance that any of its series is shown with a change is 5 % at most, and of each
 * it is 1 % at most. So many shuffles that four may split as clearly.
 */
function strictnessFor(seriesCount: number): Strictness {
  const significance = Math.min(0.01, 0.05 / Math.max(1, seriesCount))
  return { significance, permutations: Math.max(499, Math.ceil(4 / significance) - 1) }
}

/** Runs without a value are left out while changes are looked for. */
function changesOf(values: readonly (number | null)[], scale: MetricScaleName, strictness: Strictness): HistoryChange[] {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  const scaled = known.map(({ value }) => metricScales[scale].toScale(value))
  // Repeatable: the same history has the same changes.
  const found = changePoints(scaled, { random: seededRandom(1), ...strictness })
  const edges = [0, ...found.map(({ index }) => index), known.length]
  const levels = edges.slice(1).map((to, place) => medianOf(known.slice(edges[place], to).map(({ value }) => value)))
  return found.map(({ index, pValue }, place) => ({
    index: known[index]?.index ?? index,
    before: levels[place] ?? 0,
    after: levels[place + 1] ?? 0,
    pValue,
  }))
}
