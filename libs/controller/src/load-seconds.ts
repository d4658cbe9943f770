import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import type { DrivenRun } from './drive.ts'

/** How far apart the end of the load and the hearing of it usually are. */
const hearingSeconds = 1

/** What generators told of a run that ended by itself. */
export interface ToldOfRun {
  /** Where their last second ends, in seconds since T0. */
  readonly endSeconds: number
  /** Whether some share was not made to its end. */
  readonly hasUnfinishedShards: boolean
}

/**
 * For how long a run made load, in seconds since T0, pauses included; rates are over this time without them. A closed plan's load ends with its duration, or where it
 * was stopped: what comes after are answers to calls made before. The clients of an open plan go on after the last arrival, so whole
 * seconds of that count too; a last part of a second would only make the rate look lower than it ever was.
 * Who takes a run over, or reads what waits, may hear of its end long after it: then it ended where what was told of it ends, or, where some share
 * was lost, where the plan does.
 */
export function loadSecondsOf(
  plan: LoadPlan,
  { ended, pausedMs }: Pick<DrivenRun, 'ended' | 'pausedMs'>,
  told: ToldOfRun,
): number {
  const plannedSeconds = (planDurationMs(plan) + pausedMs) / 1000
  const heardSeconds = Math.max(0, ended.stoppedAtMs - ended.startAtMs) / 1000
  const toldSeconds = told.hasUnfinishedShards ? Math.max(told.endSeconds, plannedSeconds) : told.endSeconds
  const isOldNews = ended.why === 'complete' && heardSeconds - toldSeconds > hearingSeconds
  const elapsedSeconds = isOldNews ? toldSeconds : heardSeconds
  if (elapsedSeconds <= plannedSeconds) return elapsedSeconds
  return plan.model.type === 'closed' ? plannedSeconds : plannedSeconds + Math.floor(elapsedSeconds - plannedSeconds)
}
