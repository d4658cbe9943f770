/** How fast the fabric finds out that somebody is gone. All follow from the lease. */
export interface Timings {
  /** How long a share stays with an agent that Redis has not heard of. */
  readonly leaseMs: number
  /** How often an agent tells Redis that it is still there. */
  readonly renewMs: number
  /** How often leases that ran out are looked for. */
  readonly checkMs: number
  /** When a generator that was not told anything new stops by itself, and when its agent kills it: well before Redis gives its share away. */
  readonly stopAfterMs: number
  readonly killAfterMs: number
}

/** Longer than a restart of Redis takes, and still no coffee break. */
export const defaultLeaseMs = 15_000
export const shortestLeaseMs = 2_000

export function timingsOf(leaseMs: number): Timings {
  return {
    leaseMs,
    renewMs: leaseMs / 15,
    checkMs: Math.round(leaseMs / 8),
    stopAfterMs: leaseMs * 0.55,
    killAfterMs: leaseMs * 0.6,
  }
}

/** Between two looks of an agent for new runs and for shares that were lost. */
export const pollMs = 250
/** An agent that said nothing for so long is taken to be gone. */
export const agentGoneMs = 3_000
/** A controller that said nothing for so long may be replaced. */
export const controllerGoneMs = 5_000
/** Agents go on for so long without a controller. */
export const deadManMs = 180_000
/**
 * How many events of a run Redis keeps: hours of a dozen generators, and of any number of them twice the time that they go on without a controller. Beyond
 * it the oldest go, which the report of a controller that has not read them tells of.
 */
export const keptEventsOf = (shards: number): number => Math.max(200_000, (shards * 2 * deadManMs) / 1000)
/** Whoever hears of T0 so much later begins where the plan stands by then, and what it missed is told as a gap: these count whole seconds. */
export const tooLateMs = 1_000
/** How long after its drain a generator may take to send its last numbers. */
export const finishGraceMs = 1_300
