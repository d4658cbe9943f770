import { expect, test } from 'vitest'
import type { LoadPlan, ScenarioPlan } from './load-plan.ts'
import { planFingerprint } from './plan-fingerprint.ts'

const scenario: ScenarioPlan = {
  name: 's',
  weight: 1,
  client: { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: { authorization: 'a' } },
  flow: [{ ping: {} }],
}
const plan: LoadPlan = {
  version: 1,
  name: 'p',
  target: 'http://a/mcp',
  seed: 1,
  model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1000 },
  scenarios: [scenario],
  payloads: [],
  variables: {},
  requestTimeoutMs: 1,
  maxLagMs: 1,
  warmUpMs: 0,
  thresholds: [],
}

test.each<[string, Partial<LoadPlan>]>([
  ['another target', { target: 'http://b/mcp', tls: { ca: 'x' }, proxyUrl: 'http://p' }],
  ['another seed, threshold, variable', { seed: 2, thresholds: ['p95<1s'], variables: { a: 1 } }],
  ['other credentials', { scenarios: [{ ...scenario, client: { ...scenario.client, headers: { authorization: 'b' } } }] }],
])('%s is the same load', (_what, changes) => {
  expect(planFingerprint({ ...plan, ...changes })).toBe(planFingerprint(plan))
})

test.each<[string, Partial<LoadPlan>]>([
  ['more clients', { model: { type: 'closed', clients: 2, spawnRatePerSecond: 1, durationMs: 1000 } }],
  ['another flow', { scenarios: [{ ...scenario, flow: [] }] }],
  ['another kind', { scenarios: [{ ...scenario, client: { ...scenario.client, clientKind: 'cursor' } }] }],
  ['other data', { payloads: [{ fields: ['a'], rows: [[1]], order: 'sequence' }] }],
])('%s is another load', (_what, changes) => {
  expect(planFingerprint({ ...plan, ...changes })).not.toBe(planFingerprint(plan))
})
