import { expect, test } from 'vitest'
import type { LoadPlan } from './load-plan.ts'
import { shownPlan } from './shown-plan.ts'

const plan: LoadPlan = {
  version: 1,
  name: 'demo',
  target: 'http://ann:s3cret@h/mcp',
  seed: 1,
  model: { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1 },
  scenarios: [
    {
      name: 'one',
      weight: 1,
      fixedClients: 2,
      client: {
        clientKind: 'http_client',
        transport: 'streamable-http',
        protocolVersion: 'auto',
        headers: { authorization: 'Bearer s3cret' },
        auth: { type: 'client_credentials', clientId: 'me', clientSecret: 's3cret', privateKey: 's3cret' },
      },
      flow: [{ callTool: { name: 'echo', arguments: { token: 's3cret' } } }, 's3cret'],
    },
  ],
  payloads: [{ fields: ['word'], rows: [['s3cret']], order: 'sequence' }],
  variables: { token: 's3cret', list: ['s3cret'] },
  requestTimeoutMs: 1,
  maxLagMs: 1,
  warmUpMs: 0,
  thresholds: [],
  tls: { ca: 'the authority', cert: 'the certificate', key: 's3cret', passphrase: 's3cret' },
  proxyUrl: 'http://ann:s3cret@h:3128',
}

test('a plan that is kept holds no secret, and all else of it', () => {
  const shown = shownPlan(plan)
  expect(JSON.stringify(shown)).not.toContain('s3cret')
  expect(shown).toMatchObject({
    name: 'demo',
    target: 'http://***@h/mcp',
    tls: { ca: 'the authority', cert: 'the certificate', key: '***' },
    scenarios: [
      {
        fixedClients: 2,
        client: { headers: { authorization: '***' }, auth: { clientId: 'me' } },
        flow: [{ callTool: '***' }, '***'],
      },
    ],
    payloads: [{ fields: ['word'], rows: [] }],
    variables: { token: '***', list: '***' },
  })
})

test('what is not there is not made up', () => {
  const { tls: _, proxyUrl: __, ...plain } = plan
  expect(shownPlan(plain)).not.toHaveProperty('tls')
  expect(shownPlan(plain)).not.toHaveProperty('proxyUrl')
})

test('who signs in with a key alone is not said to have a secret', () => {
  const [scenario] = plan.scenarios
  const auth = { type: 'client_credentials', clientId: 'me', privateKey: 's3cret' } as const
  const [shown] = shownPlan({
    ...plan,
    scenarios: scenario ? [{ ...scenario, client: { ...scenario.client, auth } }] : [],
  }).scenarios
  expect(shown?.client.auth).toEqual({ ...auth, privateKey: '***' })
})
