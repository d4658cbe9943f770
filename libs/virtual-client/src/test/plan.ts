import type { ClientPlan, Json, LoadPlan } from '@squall/load-plan'

/** A plan of one scenario for one client. */
export function planFor(
  target: string,
  flow: readonly Json[],
  client: Partial<ClientPlan> = {},
  more: Partial<LoadPlan> = {},
): LoadPlan {
  const usual: ClientPlan = { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: {} }
  return {
    version: 1,
    name: 'test',
    target,
    seed: 1,
    model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1000 },
    scenarios: [{ name: 'one', weight: 1, client: { ...usual, ...client }, flow }],
    payloads: [],
    variables: {},
    requestTimeoutMs: 10_000,
    maxLagMs: 30_000,
    warmUpMs: 0,
    thresholds: [],
    ...more,
  }
}
