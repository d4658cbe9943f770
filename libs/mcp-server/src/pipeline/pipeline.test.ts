import { CodedError } from '@squall/errors'
import { snowflakeErrors, SnowflakeQueryError } from '@squall/snowflake'
import { poolErrors } from '@squall/pool'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { isLoopback, type Caller, type Stage } from '../index.ts'
import { currentContext } from '../request-context.ts'
import { scriptedSnowflake, type ScriptedSnowflake } from '../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../test/test-core.ts'

const select = { query: 'SELECT 1' }
const lost = new CodedError(snowflakeErrors.SNOWFLAKE_SESSION_LOST)

test('a session Snowflake lost is replaced, and the call does not notice', async () => {
  let losses = 2
  const snowflake = scriptedSnowflake(() => (losses-- > 0 ? lost : { columns: ['1'], rows: [[1]] }))
  const core = testCore(snowflake)
  expect(textOf(await callTool(core, 'execute_query', select))).toContain('| 1 |')
  expect(snowflake.returned).toEqual(['discarded', 'discarded', 'released'])
})

test('a Snowflake that loses every session is given up', async () => {
  const snowflake = scriptedSnowflake(() => lost)
  expect(textOf(await callTool(testCore(snowflake), 'execute_query', select))).toContain('[SNOWFLAKE_SESSION_LOST]')
  // Every session of the pool may be stale at once, and then a new one.
  expect(snowflake.returned).toHaveLength(snowflake.stats().max + 1)
})

test.each([
  ['a refused statement', new SnowflakeQueryError({ snowflakeCode: '000904', message: 'invalid identifier' }), 'released'],
  ['a timeout', new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT), 'released'],
  ['a cancelled statement', new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED), 'released'],
  ['a lost network', new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE), 'discarded'],
  ['a bug', new TypeError('x is not a function'), 'discarded'],
] as const)('after %s the session is %3$s', async (_name, error, returned) => {
  const snowflake = scriptedSnowflake(() => error)
  await callTool(testCore(snowflake), 'execute_query', select)
  expect(snowflake.returned).toEqual([returned])
})

test('a bug is told to the operator, not to the client', async () => {
  const core = testCore(scriptedSnowflake(() => new TypeError('secret detail')))
  expect(textOf(await callTool(core, 'execute_query', select))).toBe('Error executing query: internal error\nRequest ID: <id>')
  expect(core.bugs).toEqual([new TypeError('secret detail')])
})

test('waiting too long for a session reads differently from a slow query', async () => {
  const slow = scriptedSnowflake(() => new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT))
  const busy: ScriptedSnowflake = { ...slow, acquire: () => Promise.reject(new CodedError(poolErrors.POOL_WAIT_TIMEOUT)) }
  expect(textOf(await callTool(testCore(slow), 'execute_query', select))).toContain('[SNOWFLAKE_QUERY_TIMEOUT]')
  const text = textOf(await callTool(testCore(busy), 'execute_query', select))
  expect(text).toContain('[POOL_WAIT_TIMEOUT]')
  expect(text).toContain('nothing was run')
})

test.each([
  [poolErrors.POOL_QUEUE_FULL, { status: 429, retryAfterMs: 1000 }],
  [poolErrors.POOL_DRAINING, { status: 503 }],
])('a call the pool turns away is refused, not failed (case %#)', async (definition, refusal) => {
  const base = scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] }))
  const core = testCore({ ...base, acquire: () => Promise.reject(new CodedError(definition)) })
  const outcome = await callTool(core, 'execute_query', select)
  expect(outcome).toMatchObject({ kind: 'refused', error: { code: definition.code }, ...refusal })
  expect(core.bugs).toEqual([])
})

test('a server whose calls cannot reach Snowflake says so, until one does', async () => {
  let isDown = true
  const core = testCore(
    scriptedSnowflake(() => (isDown ? new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE) : { columns: ['1'], rows: [[1]] })),
  )
  const seen = [core.health.status()]
  for (let call = 0; call < 3; call += 1) {
    await callTool(core, 'execute_query', select)
    seen.push(core.health.status())
  }
  isDown = false
  await callTool(core, 'execute_query', select)
  expect([...seen, core.health.status()]).toEqual(['healthy', 'degraded', 'degraded', 'unhealthy', 'healthy'])
})

test('a sign-in that fails counts as not reached, an aborted wait as nothing', async () => {
  const base = scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] }))
  const refused = testCore({ ...base, acquire: () => Promise.reject(new CodedError(snowflakeErrors.SNOWFLAKE_SIGN_IN_FAILED)) })
  await callTool(refused, 'execute_query', select)
  expect(refused.health.status()).toBe('degraded')
  const waiting = testCore({ ...base, acquire: () => Promise.reject(new CodedError(poolErrors.POOL_WAIT_TIMEOUT)) })
  await callTool(waiting, 'execute_query', select)
  expect(waiting.health.status()).toBe('healthy')
})

const remote: Caller = { transport: 'http', clientType: 'http_client', remoteAddress: '192.0.2.7' }

test('a caller from beyond this machine is refused before anything else happens', async () => {
  const snowflake = scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] }))
  const core = testCore(snowflake)
  expect(
    await core.call({ tool: 'list_databases', arguments: {}, caller: remote, canceller: new AbortController() }),
  ).toMatchObject({
    kind: 'refused',
    status: 401,
    error: { code: 'MCP_UNAUTHENTICATED' },
  })
  const unknown = { ...remote, remoteAddress: undefined }
  expect(
    await core.call({ tool: 'list_databases', arguments: {}, caller: unknown, canceller: new AbortController() }),
  ).toMatchObject({ status: 401 })
  expect(snowflake.statements).toEqual([])
})

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.example.com', false],
  ['localhost.example.com', false],
  ['', false],
])('loopback %j: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})

test('a stage may turn calls away, and sees what each is', async () => {
  const seen: unknown[] = []
  const noDatabases: Stage = async (context, next) => {
    seen.push(currentContext() === context, context.tool)
    return context.tool === 'list_databases'
      ? { kind: 'refused', status: 429, retryAfterMs: 100, error: new CodedError(poolErrors.POOL_QUEUE_FULL) }
      : next()
  }
  const core = testCore(
    scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] })),
    { admission: [noDatabases] },
  )
  expect(await callTool(core, 'list_databases')).toMatchObject({ kind: 'refused', status: 429 })
  expect(await callTool(core, 'execute_query', select)).toMatchObject({ kind: 'answered' })
  expect(seen).toEqual([true, 'list_databases', true, 'execute_query'])
  expect(currentContext()).toBeUndefined()
})

test('a call of a caller that is gone is cancelled and says nothing', async () => {
  const core = testCore(scriptedSnowflake(() => new Error('aborted')))
  expect(await callTool(core, 'execute_query', select, AbortSignal.abort())).toEqual({ kind: 'cancelled' })
  expect(core.bugs).toEqual([])
})

test('a cancelled call is answered before Snowflake has ended its statement, and is in flight until it has', async () => {
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<Error>()
  const core = testCore(
    scriptedSnowflake(() => {
      started.resolve()
      return ended.promise
    }),
  )
  const leave = new AbortController()
  const call = callTool(core, 'execute_query', select, leave.signal)
  await started.promise
  leave.abort()
  expect(await call).toEqual({ kind: 'cancelled' })
  expect(core.inFlight()).toBe(1)
  ended.resolve(new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED))
  await expect.poll(() => core.inFlight()).toBe(0)
})

test('an idle server drains at once, and says that it does', async () => {
  const clock = new FakeClock()
  const core = testCore(
    scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] })),
    { clock },
  )
  await core.drain(10_000)
  expect(core.health.status()).toBe('draining')
  expect(await callTool(core, 'execute_query', select)).toMatchObject({ kind: 'refused', status: 503 })
  expect(clock.pendingCount).toBe(0)
})
