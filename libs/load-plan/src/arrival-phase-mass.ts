import type { ArrivalPhase } from './load-plan.ts'

/** The expected number of arrivals of a whole phase: the area under its rate. */
export function massOf(phase: ArrivalPhase): number {
  return ((phase.rateStart + phase.rateEnd) / 2) * (phase.durationMs / 1000)
}

/** The expected number of arrivals up to so long after the phase's start; all of them after its end, none before it. */
export function massWithin({ rateStart, rateEnd, durationMs }: ArrivalPhase, sinceMs: number): number {
  const atMs = Math.min(durationMs, Math.max(0, sinceMs))
  const rate = rateStart + (rateEnd - rateStart) * (atMs / durationMs)
  return ((rateStart + rate) / 2) * (atMs / 1000)
}

/**
 * When, in milliseconds from the phase's start, the area under its rate reaches `mass`.
 * The root of `rateStart t + (rateEnd - rateStart) t² / 2D = mass`, in the form that stays exact where the rate hardly changes.
 * @param mass from 0 to `massOf(phase)`.
 */
export function timeOfMass(phase: ArrivalPhase, mass: number): number {
  if (mass <= 0) return 0
  const slope = (phase.rateEnd - phase.rateStart) / (phase.durationMs / 1000)
  const root = Math.sqrt(Math.max(0, phase.rateStart ** 2 + 2 * slope * mass))
  return Math.min(phase.durationMs, (2000 * mass) / (phase.rateStart + root))
}
