import type { Json, LoadPlan } from '@squall/load-plan'

/** A plan for the demo generator, whose orders are in the variables. */
export function demoPlan(durationMs: number, variables: Readonly<Record<string, Json>>): LoadPlan {
  return {
    version: 1,
    name: 'demo',
    target: 'http://127.0.0.1:1/mcp',
    seed: 1,
    model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs },
    scenarios: [],
    payloads: [],
    variables,
    requestTimeoutMs: 1000,
    maxLagMs: 1000,
    warmUpMs: 0,
    thresholds: [],
  }
}
