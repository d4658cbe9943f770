import { addCounts, CallTally, type SeriesTally } from './call-tally.ts'
import type { SeriesKey } from './recorder.ts'

/** Merges series into groups; a series with an empty name, such as that of an unnamed phase, belongs to none. */
export function groupBy(series: readonly SeriesTally[], nameOf: (key: SeriesKey) => string): Map<string, CallTally> {
  const groups = new Map<string, CallTally>()
  for (const { key, tally } of series) {
    const name = nameOf(key)
    if (name === '') continue
    const group = groups.get(name) ?? new CallTally()
    groups.set(name, group)
    group.add(tally)
  }
  return groups
}

export function totalErrors(series: readonly SeriesTally[]): Map<string, number> {
  const errors = new Map<string, number>()
  for (const { tally } of series) addCounts(errors, tally.errors)
  return errors
}
