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
  const alike = saved.filter((entry) => describeMismatches([entry, ...fresh]).length === 0)
  // Where nothing is alike, all are looked at, to say in what they differ.
  const before = (alike.length > 0 ? alike : saved).slice(-newest)
  const others = alike.length > 0 ? saved.length - alike.length : 0
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
    notes:
      others === 0
        ? []
        : [
            `${others} saved ${others === 1 ? 'run' : 'runs'} of another pack, load or machine ${others === 1 ? 'is' : 'are'} left out`,
          ],
    setAside: 0,
    run,
  })
}
