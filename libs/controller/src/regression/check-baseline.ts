import type { Comparison } from '@squall/report'
import { describeMismatches, type BaselineEntry } from './baseline-entry.ts'
import { toComparison } from './to-comparison.ts'

/** How many of the newest saved runs new ones are compared with: older ones say little of the code of today. */
const newest = 30

export interface BaselineCheck {
  readonly name: string
  readonly saved: readonly BaselineEntry[]
  readonly fresh: readonly BaselineEntry[]
  readonly run: Comparison['run']
  /** What the candidate is called. */
  readonly candidate: string
  readonly minimumEffect: number | undefined
}

/** Whether new runs are slower than those saved: the rank-sum test, since they are of different times. Runs of other conditions are refused. */
export function checkBaseline({ name, saved, fresh, run, candidate, minimumEffect }: BaselineCheck): Comparison {
  const before = saved.slice(-newest)
  const refusals = describeMismatches([...before, ...fresh])
  const comparable = refusals.length === 0
  return toComparison({
    names: { base: `baseline ${name}, ${before.length} ${before.length === 1 ? 'run' : 'runs'}`, candidate },
    sides: {
      base: comparable ? before.map(({ metrics }) => metrics) : [],
      candidate: comparable ? fresh.map(({ metrics }) => metrics) : [],
    },
    options: { runs: 'independent', ...(minimumEffect !== undefined && { minimumEffect: { ratio: minimumEffect } }) },
    refusals: refusals.length === 0 ? [] : ['the runs cannot be compared', ...refusals],
    notes: [],
    setAside: 0,
    run,
  })
}
