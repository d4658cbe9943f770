import { expect } from 'vitest'
import type { DisturbedRun } from './disturb-run.ts'
import type { FaultCase } from './fault-cases.ts'
import type { FaultResult } from './fault-result.ts'

/** Between an answer and its being counted lies what the machine's other work takes. */
const longestDisplacementMs = 500
/** A request that is on its way when its generator is stopped. */
const longestFlightMs = 100
/** Those of the agent that was disturbed, in a closed plan. */
const clients = 3

export interface SoundRun {
  readonly run: DisturbedRun
  readonly result: FaultResult
  readonly fault: Pick<FaultCase, 'kills' | 'gaps'>
}

/** Fails where a call is missing and nobody says so, is counted twice, or was made by two generators at a time. */
export function expectSound({ run, result, fault }: SoundRun): void {
  const told = `${JSON.stringify({ ...result, gaps: run.gaps })}\n${run.stderr}`
  expect.soft(result.unaccounted, told).toEqual([])
  expect.soft(result.repeated, told).toEqual([])
  expect.soft(result.invented, told).toBe(0)
  expect.soft(result.untoldOutsideGaps, told).toBe(0)
  if (!fault.kills) expect.soft(result.untold, told).toBe(0)
  expect.soft(result.timelineAddsUp, told).toBe(true)
  if (result.pack !== 'ramp') expect.soft(result.answeredAfter, told).toBeLessThanOrEqual(clients)
  expect.soft(result.displacedByMs, told).toBeLessThan(longestDisplacementMs)
  for (const { longestMs } of result.overlaps) expect.soft(longestMs, told).toBeLessThan(longestFlightMs)
  expect.soft(run.gaps.length > 0, told).toBe(fault.gaps)
  expect.soft(fault.gaps ? [8] : [0, 5], told).toContain(run.code)
}
