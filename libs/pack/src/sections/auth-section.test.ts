import { expect, test } from 'vitest'
import { changed, load, problemsOf } from '../test/write-pack.ts'

const withAuth = (auth: string): string => changed('engines: { mcp: {} }', `mcp: { auth: ${auth} }`)

test('client credentials come out of the environment, and reach every scenario', () => {
  const pack = withAuth(
    '{ type: client_credentials, clientId: load, clientSecret: "{{ $env.SECRET }}", scope: "a b", perClient: true }',
  )
  const { plan } = load(pack, { processEnvironment: { SECRET: 'hunter2' } })
  expect(plan.scenarios[0]?.client.auth).toEqual({
    type: 'client_credentials',
    clientId: 'load',
    clientSecret: 'hunter2',
    scope: 'a b',
    perClient: true,
  })
})

test('a scenario may sign in as somebody else', () => {
  const pack = withAuth('{ type: client_credentials, clientId: load, clientSecret: x }').replace(
    '- engine: mcp',
    '- engine: mcp\n    mcp: { auth: { type: client_credentials, clientId: other, privateKey: pem } }',
  )
  expect(load(pack).plan.scenarios[0]?.client.auth).toMatchObject({ clientId: 'other', privateKey: 'pem' })
})

test.each([
  [
    '{ type: password, clientId: a, clientSecret: x }',
    'config.mcp.auth.type: found "password", expected one of client_credentials',
  ],
  [
    '{ type: client_credentials, clientSecret: x }',
    'config.mcp.auth.clientId: expected the id under which the client is registered',
  ],
  ['{ type: client_credentials, clientId: a }', 'config.mcp.auth.clientSecret: expected one of clientSecret and privateKey'],
  [
    '{ type: client_credentials, clientId: a, clientSecret: [x] }',
    'config.mcp.auth.clientSecret: expected the secret of the client',
  ],
  [
    '{ type: client_credentials, clientId: a, clientSecret: x, tokenUrl: here }',
    'config.mcp.auth.tokenUrl: found "here", expected a whole URL that begins with http:// or https://',
  ],
  [
    '{ type: client_credentials, clientId: a, clientSecret: x, scop: y }',
    'config.mcp.auth.scop: expected a known key (did you mean scope?)',
  ],
])('%s is refused, and no secret is repeated', (auth, problem) => {
  const told = problemsOf(withAuth(auth))
  expect(told).toEqual([expect.stringMatching(/^3:\d+ /)])
  expect(told[0]?.replace(/^\S+ /, '')).toBe(problem)
})
