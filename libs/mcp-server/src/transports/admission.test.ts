// What each transport says of a call that is not let in.
import { afterEach, expect, test } from 'vitest'
import { CodedError } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import type { ServerCoreOptions, ServerLimits } from '../index.ts'
import { transports } from '../test/duplex-clients.ts'
import { call, closeAll, json, modernHeaders, modernMeta, openSession, post, selectOne, serveHttp } from '../test/http-server.ts'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { testLimits } from '../test/test-core.ts'

afterEach(closeAll)

const none = { rates: [], queryRates: [], quotas: [], queryQuotas: [] }
const totalOf = (total: Partial<ServerLimits['rates']['total']>): Partial<ServerCoreOptions> => ({
  limits: { ...testLimits, rates: { perClient: none, total: { ...none, ...total } } },
})
const unreachable = scriptedSnowflake(() => new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE))

const select = { name: 'execute_query', arguments: { query: 'SELECT 1' } }

/** Reasons not to let a call in, after one call that was, and what is told. */
const reasons = [
  ['a rate', 1, 429, 'MCP_RATE_LIMITED', totalOf({ rates: [{ calls: 1, perMs: 3_600_000, burst: 0 }] })],
  ['a quota', 1, 429, 'MCP_QUOTA_EXCEEDED', totalOf({ quotas: [{ calls: 1, perMs: 86_400_000 }] })],
  ['an open breaker', 5, 503, 'MCP_SNOWFLAKE_UNAVAILABLE', { connections: unreachable, limits: withLongBreaker() }],
] as const

function withLongBreaker(): ServerLimits {
  return { ...testLimits, breaker: { ...testLimits.breaker, openMs: 60_000, longestOpenMs: 60_000 } }
}

for (const [transport, open] of Object.entries(transports))
  test.each(reasons)(`${transport}: %s is told with a time to come again`, async (_reason, before, _status, code, options) => {
    const { url, core } = await serveHttp(selectOne, options)
    const exchange = await open(url, core)
    for (let letIn = 0; letIn < before; letIn += 1) expect(await exchange('tools/call', select)).toHaveProperty('result')
    expect(await exchange('tools/call', select)).toMatchObject({
      id: 7,
      error: {
        code: -32_000,
        data: { code, retryAfterSeconds: expect.any(Number) as number, hint: expect.any(String) as string },
      },
    })
  })

const overHttp: readonly (readonly [string, (url: string) => Promise<Response>])[] = [
  ['a call of a session', async (url) => post(url, call(1), { 'mcp-session-id': await openSession(url) })],
  ['a call of 2026-07-28', (url) => post(url, call(1, 'execute_query', { query: 'SELECT 1' }, modernMeta), modernHeaders())],
  [
    'a call over REST',
    (url) => {
      const body = JSON.stringify({ id: 1, method: 'execute_query', params: { query: 'SELECT 1' } })
      return fetch(new URL('/mcp/tools/call', url), { method: 'POST', headers: json, body })
    },
  ],
]

for (const [way, send] of overHttp)
  test.each(reasons)(`${way} that meets %s has its status and Retry-After`, async (_reason, before, status, code, options) => {
    const { url } = await serveHttp(selectOne, options)
    for (let letIn = 0; letIn < before; letIn += 1) expect((await post(url, call(1))).status).toBe(200)
    const reply = await send(url)
    const body = (await reply.json()) as { error: { data: { code: string; retryAfterSeconds: number } } }
    expect([reply.status, body.error.data.code]).toEqual([status, code])
    expect(reply.headers.get('retry-after')).toBe(String(body.error.data.retryAfterSeconds))
    expect(body.error.data.retryAfterSeconds).toBeGreaterThan(0)
  })

test('one client that is over its rate is no trouble to another', async () => {
  const { url, core } = await serveHttp(selectOne, {
    limits: { ...testLimits, rates: { perClient: { ...none, rates: [{ calls: 2, perMs: 3_600_000, burst: 0 }] }, total: none } },
  })
  const [one, other] = [{ 'mcp-session-id': await openSession(url) }, { 'mcp-session-id': await openSession(url) }]
  const statuses = async (session: Record<string, string>): Promise<number[]> =>
    [await post(url, call(1), session), await post(url, call(2), session), await post(url, call(3), session)].map(
      ({ status }) => status,
    )
  expect(await statuses(one)).toEqual([200, 200, 429])
  expect(await statuses(other)).toEqual([200, 200, 429])
  expect(await core.metrics.render()).toContain('mcp_rate_limit_hits_total{limit="client_rate"} 2')
})

test('status tells how calls are let in', async () => {
  const { url } = await serveHttp()
  await post(url, call(1))
  expect(await (await fetch(new URL('/status', url))).json()).toMatchObject({
    admission: {
      turnstile: { running: 0, waiting: 0, enteredTotal: 1 },
      breaker: { state: 'closed' },
      multiplexer: { leasesTotal: 1, clients: 0 },
    },
  })
})
