import type { LoadPlan } from '@squall/load-plan'

/** A closed plan of two seconds with one client. */
export const demoPlan: LoadPlan = {
  version: 1,
  name: 'demo',
  target: 'http://127.0.0.1:1/mcp',
  seed: 1,
  model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 2_000 },
  scenarios: [],
  payloads: [],
  variables: {},
  requestTimeoutMs: 1_000,
  maxLagMs: 1_000,
  warmUpMs: 0,
  thresholds: ['failed<1%'],
}
