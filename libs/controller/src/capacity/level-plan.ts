import type { LoadPlan } from '@squall/load-plan'

/** How long a level of load is held. */
export interface LevelTimes {
  /** For what was disturbed by its start to settle. */
  readonly settleSeconds: number
  /** What is measured at least. */
  readonly steadySeconds: number
}

/** A plan of one level of load, and when all of it is there. */
export interface LevelPlan {
  readonly plan: LoadPlan
  /** Whole seconds after T0 from which on the load is at its level. */
  readonly fullFromSecond: number
}

/** Clients of a level start within so long, however slowly the pack starts them: a search visits many levels. */
const longestRampSeconds = 10

/**
 * The pack's own clients and calls under one constant load: so many clients in the closed model, arrivals per second in the open one.
 * Shapes, counts, thresholds and warm-up of the pack do not count; the search has its own.
 */
export function planLevel(pack: LoadPlan, load: number, { settleSeconds, steadySeconds }: LevelTimes): LevelPlan {
  const heldSeconds = settleSeconds + steadySeconds
  const { aborts: _, ...rest } = pack
  const plain = { ...rest, thresholds: [], warmUpMs: 0 }
  if (pack.model.type === 'open') {
    const { maxClients, phases } = pack.model
    const spacing = phases[0]?.spacing ?? 'constant'
    const phase = { name: '', durationMs: heldSeconds * 1000, rateStart: load, rateEnd: load, spacing }
    const model = { type: 'open' as const, phases: [phase], ...(maxClients !== undefined && { maxClients }) }
    return { plan: { ...plain, model }, fullFromSecond: 0 }
  }
  const rampSeconds = Math.ceil(Math.min(longestRampSeconds, load / pack.model.spawnRatePerSecond))
  const model = {
    type: 'closed' as const,
    clients: load,
    spawnRatePerSecond: load / Math.max(1, rampSeconds),
    durationMs: (rampSeconds + heldSeconds) * 1000,
  }
  return {
    plan: { ...plain, model, scenarios: pack.scenarios.map(({ fixedClients: _fixed, ...scenario }) => scenario) },
    fullFromSecond: rampSeconds,
  }
}
