import { exitCodes, type ExitCode } from '@squall/errors'
import type { RunNumbers } from '@squall/metrics'
import type { Loss, ThresholdResult, Verdict } from '@squall/report'
import type { EndReason } from './run-state.ts'
import { silentSince } from './silent-since.ts'

/** Everything a verdict depends on. */
export interface Evidence {
  readonly why: EndReason
  /** Whether load comes as arrivals, each of which is owed its whole flow. */
  readonly isOpen: boolean
  readonly numbers: Pick<RunNumbers, 'totals' | 'methods' | 'timeline' | 'warmUp' | 'warmUpSeconds'>
  readonly thresholds: readonly ThresholdResult[]
  readonly loss: Loss
  /** Which share of the load may be lost, from 0 to 1, without the run being called degraded; none unless given. */
  readonly lossAllowance?: { readonly ratio: number; readonly plannedShardSeconds: number }
  /** Why the generator was the bottleneck; empty where it was not. */
  readonly saturation: readonly string[]
  /** The threshold that ended the run early, as the newest seconds had it. */
  readonly abort?: ThresholdResult
}

export interface Judgement {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  /** Why it is not a pass, one sentence each. */
  readonly reasons: readonly string[]
}

interface Rule {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  /** Reasons this rule holds; none where it does not. */
  readonly reasons: (evidence: Evidence) => readonly string[]
}

/**
 * The first rule with a reason decides. What makes numbers meaningless comes before what the numbers say:
 * a run that was cut, incomplete, or held back by its own generator neither passes nor fails.
 */
const rules: readonly Rule[] = [
  {
    verdict: 'stopped',
    exitCode: exitCodes.stopped,
    reasons: ({ why }) => (why === 'stopped' ? ['stopped by the user before its end'] : []),
  },
  {
    verdict: 'degraded',
    exitCode: exitCodes.loadLost,
    reasons: (evidence) => (isLossAllowed(evidence) ? [] : lossReasons(evidence.loss)),
  },
  {
    verdict: 'fail',
    exitCode: exitCodes.thresholdBroken,
    reasons: ({ numbers }) => (succeeded(numbers) === 0 ? [noSuccessReason(numbers)] : silenceReasons(numbers)),
  },
  { verdict: 'inconclusive', exitCode: exitCodes.inconclusive, reasons: ({ saturation }) => saturation },
  {
    verdict: 'fail',
    exitCode: exitCodes.thresholdBroken,
    reasons: ({ abort }) =>
      abort === undefined
        ? []
        : [`ended early, as ${abort.expression} did not hold in the last seconds: it was ${round(abort.value)}`],
  },
  {
    verdict: 'fail',
    exitCode: exitCodes.thresholdBroken,
    reasons: ({ thresholds }) =>
      thresholds.filter(({ ok, value }) => !ok && value !== null).map((threshold) => `${threshold.expression} does not hold`),
  },
  {
    verdict: 'inconclusive',
    exitCode: exitCodes.inconclusive,
    reasons: ({ thresholds }) =>
      thresholds.filter(({ value }) => value === null).map(({ expression }) => `nothing was measured for ${expression}`),
  },
  {
    verdict: 'degraded',
    exitCode: exitCodes.loadLost,
    reasons: ({ why, isOpen }) =>
      why === 'overdue' && isOpen ? ['clients were still in their flows long after the last arrival, and were cut'] : [],
  },
]

/** What a run shows, and the exit code that says so. */
export function judge(evidence: Evidence): Judgement {
  for (const { verdict, exitCode, reasons } of rules) {
    const found = reasons(evidence)
    if (found.length > 0) return { verdict, exitCode, reasons: found }
  }
  return { verdict: 'pass', exitCode: exitCodes.ok, reasons: [] }
}

const round = (value: number | null): string => (value === null ? 'unknown' : String(Number(value.toFixed(2))))

function succeeded({ totals, methods }: Evidence['numbers']): number {
  return [...methods.values()].reduce((sum, { ok }) => sum + ok, totals.ok)
}

function noSuccessReason({ totals, methods, warmUp, warmUpSeconds }: Evidence['numbers']): string {
  const isMeasured = totals.calls > 0 || [...methods.values()].some(({ calls }) => calls > 0)
  if (isMeasured || warmUp.calls === warmUp.failed) return 'no call succeeded'
  return `no call was measured: all ${warmUp.calls} were made in the first ${warmUpSeconds} s, which are left out as warm-up`
}

function silenceReasons({ timeline }: Evidence['numbers']): string[] {
  const silence = silentSince(timeline)
  return silence === undefined ? [] : [`from second ${silence.second} on, no ${silence.what} succeeded any more`]
}

/** A snapshot is a second of one shard. */
function isLossAllowed({ loss, lossAllowance }: Evidence): boolean {
  if (lossAllowance === undefined) return false
  const { ratio, plannedShardSeconds } = lossAllowance
  return loss.shardSeconds + loss.snapshots <= ratio * plannedShardSeconds
}

function lossReasons({ gaps, snapshots }: Loss): string[] {
  const lost = gaps.map(
    ({ shard, fromSecond, toSecond, cause }) => `shard ${shard} lost from second ${fromSecond} to ${toSecond}: ${cause}`,
  )
  return snapshots === 0 ? lost : [...lost, `${snapshots} snapshots never arrived`]
}
