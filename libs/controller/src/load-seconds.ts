import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import type { DrivenRun } from './drive.ts'

/**
 * For how long a run made load, in seconds since T0, pauses included; rates are over this time without them. A closed plan's load ends with its duration, or where it
 * was stopped: what comes after are answers to calls made before. The clients of an open plan go on after the last arrival, so whole
 * seconds of that count too; a last part of a second would only make the rate look lower than it ever was.
 */
export function loadSecondsOf(plan: LoadPlan, { ended, pausedMs }: Pick<DrivenRun, 'ended' | 'pausedMs'>): number {
  const plannedSeconds = (planDurationMs(plan) + pausedMs) / 1000
  const elapsedSeconds = Math.max(0, ended.stoppedAtMs - ended.startAtMs) / 1000
  if (elapsedSeconds <= plannedSeconds) return elapsedSeconds
  return plan.model.type === 'closed' ? plannedSeconds : plannedSeconds + Math.floor(elapsedSeconds - plannedSeconds)
}
