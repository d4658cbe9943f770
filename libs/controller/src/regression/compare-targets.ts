import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { Summary } from '@squall/report'
import type { RandomSource } from '@squall/time'
import { removeEarlierRuns } from '../remove-earlier-runs.ts'
import { runLoad, type LoadRun } from '../run-load.ts'
import { metricsOf, type RunMetric } from './run-metrics.ts'
import type { ComparedSides } from './to-comparison.ts'

export type Side = 'base' | 'candidate'

export interface CompareTargetsRequest {
  /** The same plan on two targets. */
  readonly plans: Readonly<Record<Side, LoadPlan>>
  /** Runs of each side. */
  readonly pairs: number
  /** Which side of a pair runs first. */
  readonly random: RandomSource
  readonly surroundings: Omit<LoadRun, 'plan' | 'onSnapshot' | 'onControls' | 'liveExport'>
  /** Told of each run before it begins, and of what came of it. */
  readonly onRun: (event: ComparedRun) => void
}

export interface ComparedRun {
  readonly side: Side
  /** Counted from 1. */
  readonly pair: number
  /** Absent before it ran. */
  readonly summary?: Summary
}

export interface TargetComparison {
  readonly sides: ComparedSides
  /** Runs that do not count. */
  readonly setAside: number
  readonly wasStopped: boolean
  /** What ended it after a first pair, such as a target that is gone: what was measured before stands. */
  readonly failure?: CodedError
}

/**
 * Runs a plan on both targets in turn, the two of a pair right behind each other and in random order, so that what changes on the machine
 * meanwhile meets both alike. A pair in which the generator was strained is set aside.
 * @throws CodedError of the targets, the report directory or the fabric, where not even a first pair could be measured.
 */
export async function compareTargets(request: CompareTargetsRequest): Promise<TargetComparison> {
  const sides: Record<Side, (readonly RunMetric[])[]> = { base: [], candidate: [] }
  let setAside = 0
  await removeEarlierRuns(join(request.surroundings.reportDirectory, 'runs'), /^\d+-(?:base|candidate)$/)
  for (let pair = 1; pair <= request.pairs; pair += 1) {
    const summaries = await runPair(request, pair).catch((error: unknown) => {
      if (error instanceof CodedError && pair > 1) return error
      throw error
    })
    if (summaries instanceof CodedError) return { sides, setAside, wasStopped: false, failure: summaries }
    if (summaries === undefined) return { sides, setAside, wasStopped: true }
    if (summaries.base.generator.saturated || summaries.candidate.generator.saturated) {
      setAside += 2
      continue
    }
    sides.base.push(metricsOf(summaries.base))
    sides.candidate.push(metricsOf(summaries.candidate))
  }
  return { sides, setAside, wasStopped: false }
}

/** @returns undefined where the user stopped it. */
async function runPair(request: CompareTargetsRequest, pair: number): Promise<Record<Side, Summary> | undefined> {
  const [first, second]: readonly [Side, Side] = request.random.next() < 0.5 ? ['base', 'candidate'] : ['candidate', 'base']
  const one = await runSide(request, first, pair)
  const other = one && (await runSide(request, second, pair))
  if (one === undefined || other === undefined) return undefined
  return first === 'base' ? { base: one, candidate: other } : { base: other, candidate: one }
}

async function runSide(
  { plans, surroundings, onRun }: CompareTargetsRequest,
  side: Side,
  pair: number,
): Promise<Summary | undefined> {
  onRun({ side, pair })
  const reportDirectory = join(surroundings.reportDirectory, 'runs', `${String(pair).padStart(2, '0')}-${side}`)
  try {
    const { summary } = await runLoad({ ...surroundings, plan: plans[side], reportDirectory })
    if (surroundings.signal.aborted) return undefined
    onRun({ side, pair, summary })
    return summary
  } catch (error) {
    // A run that its user stopped before its load began throws the signal's reason.
    if (surroundings.signal.aborted && error === surroundings.signal.reason) return undefined
    throw error
  }
}
