import type { TimelinePoint } from './run-numbers.ts'

/** What one second, or the worst of several, says about the generator. */
export type GeneratorSecond = Pick<
  TimelinePoint,
  'second' | 'generatorCpu' | 'eventLoopUtilization' | 'eventLoopDelayP99Ms' | 'scheduleLagP99Ms'
> &
  Partial<Pick<TimelinePoint, 'seconds' | 'strain' | 'p99'>>

export type StrainSign = 'cpu' | 'eventLoopUtilization' | 'eventLoopDelayP99Ms' | 'scheduleLagP99Ms'

/** In how many seconds each sign was seen, and `any` of them. */
export type StrainCounts = Readonly<Record<StrainSign | 'any', number>>

/**
 * The bounds of a healthy generator second. Locust warns above 90 % of a core and k6 advises to stay under 80 %; 50 ms is where the
 * generator's own delay is no longer small beside the latencies people set thresholds for.
 */
export const strainBounds: Readonly<Record<StrainSign, number>> = {
  cpu: 0.9,
  eventLoopUtilization: 0.9,
  eventLoopDelayP99Ms: 50,
  scheduleLagP99Ms: 50,
}

/**
 * Beside a slow target a delay of the generator matters less: up to this share of the second's response p99 it is forgiven. A generator cannot hide
 * behind it, since what it is late by is in that p99 too: a delay that passes the share of itself plus the target's time is over a ninth of the latter.
 */
export const negligibleShare = 0.1

/** How often a point shows each sign of strain: once or never for a single second. */
export function strainOf(point: GeneratorSecond): StrainCounts {
  if (point.strain !== undefined) return point.strain
  const negligibleMs = negligibleShare * (point.p99 ?? 0)
  const isLate = (delayMs: number, boundMs: number): number => Number(delayMs > Math.max(boundMs, negligibleMs))
  const cpu = Number(point.generatorCpu > strainBounds.cpu)
  const eventLoopUtilization = Number(point.eventLoopUtilization > strainBounds.eventLoopUtilization)
  const eventLoopDelayP99Ms = isLate(point.eventLoopDelayP99Ms, strainBounds.eventLoopDelayP99Ms)
  const scheduleLagP99Ms = isLate(point.scheduleLagP99Ms, strainBounds.scheduleLagP99Ms)
  const any = Math.max(cpu, eventLoopUtilization, eventLoopDelayP99Ms, scheduleLagP99Ms)
  return { cpu, eventLoopUtilization, eventLoopDelayP99Ms, scheduleLagP99Ms, any }
}

export function addStrain(a: StrainCounts, b: StrainCounts): StrainCounts {
  return {
    cpu: a.cpu + b.cpu,
    eventLoopUtilization: a.eventLoopUtilization + b.eventLoopUtilization,
    eventLoopDelayP99Ms: a.eventLoopDelayP99Ms + b.eventLoopDelayP99Ms,
    scheduleLagP99Ms: a.scheduleLagP99Ms + b.scheduleLagP99Ms,
    any: a.any + b.any,
  }
}
