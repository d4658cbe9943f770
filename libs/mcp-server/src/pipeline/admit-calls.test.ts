import { CodedError } from '@squall/errors'
import { poolErrors } from '@squall/pool'
import { snowflakeErrors } from '@squall/snowflake'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { localPrincipal, type Principal } from '../access/principal.ts'
import { withSnowflakeToken } from '../access/snowflake-token.ts'
import type { CallOutcome, ServerLimits } from '../index.ts'
import { scriptedSnowflake, type Script } from '../test/scripted-snowflake.ts'
import { testCore, testLimits, type TestCore } from '../test/test-core.ts'

const keyed = (id: string, weight = 2): Principal => ({
  ...localPrincipal,
  id: `key:${id}`,
  kind: 'api-key',
  weight,
  isShared: false,
})

interface World {
  readonly clock: FakeClock
  readonly core: TestCore
  /** Statements in Snowflake, by what they select, in the order they came. */
  readonly started: string[]
  /** Lets a statement end. */
  readonly finish: (what: string) => void
  readonly call: (what: string, who?: Principal, signal?: AbortSignal) => Promise<CallOutcome>
}

/** A server whose statements end when the test says so; `SELECT x` is known as `x`. */
function world(limits: Partial<ServerLimits> = {}): World {
  const clock = new FakeClock()
  const started: string[] = []
  const finishers = new Map<string, () => void>()
  const script: Script = async (sql) => {
    const [, what = ''] = /^SELECT (\S+)/.exec(sql) ?? []
    started.push(what)
    await new Promise<void>((resolve) => finishers.set(what, resolve))
    return { columns: ['1'], rows: [[1]] }
  }
  const core = testCore(scriptedSnowflake(script), { clock, limits: { ...testLimits, ...limits } })
  const call = (what: string, principal = keyed('a'), signal?: AbortSignal): Promise<CallOutcome> => {
    const canceller = new AbortController()
    signal?.addEventListener('abort', () => canceller.abort(signal.reason))
    const caller = { transport: 'http', clientType: 'http_client', principal } as const
    return core.call({ tool: 'execute_query', arguments: { query: `SELECT ${what}` }, caller, canceller })
  }
  return { clock, core, started, finish: (what) => finishers.get(what)?.(), call }
}

const answer = { kind: 'answered' }

test('calls beyond the limit wait and start in the order they came', async () => {
  const { clock, core, started, finish, call } = world({ maxConcurrent: 1, maxConcurrentPerClient: 1 })
  const calls = ['x', 'y', 'z'].map((what) => call(what))
  await clock.advance(0)
  expect([started, core.queued()]).toEqual([['x'], 2])
  for (const what of ['x', 'y', 'z']) {
    finish(what)
    await clock.advance(0)
  }
  expect(started).toEqual(['x', 'y', 'z'])
  expect(await Promise.all(calls)).toMatchObject([answer, answer, answer])
  expect([core.queued(), core.inFlight(), core.admission().turnstile.waitedMs.total]).toEqual([0, 0, 0])
})

test('a client with many calls waiting takes turns with one that has one', async () => {
  const { clock, started, finish, call } = world({ maxConcurrent: 1, maxConcurrentPerClient: 1 })
  for (const what of ['h1', 'h2', 'h3', 'h4']) void call(what, keyed('heavy'))
  void call('light', keyed('light'))
  await clock.advance(0)
  finish('h1')
  await clock.advance(0)
  expect(started).toEqual(['h1', 'light'])
})

test('a client has three quarters of the places at most, so that another comes in at once', async () => {
  const { clock, started, call } = world({ maxConcurrent: 4 })
  for (const what of ['h1', 'h2', 'h3', 'h4', 'h5']) void call(what, keyed('heavy'))
  void call('light', keyed('light'))
  await clock.advance(0)
  expect(started).toEqual(['h1', 'h2', 'h3', 'light'])
})

test('and three quarters of the sessions in Snowflake', async () => {
  // The scripted pool holds four.
  const { clock, core, started, finish, call } = world()
  for (const what of ['h1', 'h2', 'h3', 'h4', 'h5']) void call(what, keyed('heavy'))
  void call('light', keyed('light'))
  await clock.advance(0)
  expect(started).toEqual(['h1', 'h2', 'h3', 'light'])
  expect(core.pool().waiting).toBe(2)
  finish('h2')
  await clock.advance(0)
  expect(started.at(-1)).toBe('h4')
  expect(core.admission().multiplexer).toMatchObject({ running: 4, waiting: 1, clients: 2, leasesTotal: 5 })
})

test('a call that finds the queue full is turned away with a time to come again; others still find room', async () => {
  const { clock, call } = world({ maxConcurrent: 1, maxConcurrentPerClient: 1, maxQueued: 4 })
  for (const what of ['h1', 'h2', 'h3', 'h4']) void call(what, keyed('heavy'))
  await clock.advance(0)
  expect(await call('h5', keyed('heavy'))).toMatchObject({
    kind: 'refused',
    status: 429,
    retryAfterMs: 1000,
    error: { code: 'MCP_OVERLOADED', message: expect.stringContaining('3 calls of this client wait') as string },
  })
  void call('light', keyed('light'))
  await clock.advance(0)
  expect(await call('late', keyed('third'))).toMatchObject({
    status: 429,
    error: { message: 'The server is busy: 1 calls run and 4 wait, which is all it takes.' },
  })
})

test('a call that waited too long is turned away, and the time to come again follows how long calls take', async () => {
  const { clock, finish, core, call } = world({ maxConcurrent: 1, maxConcurrentPerClient: 1, queueTimeoutMs: 5000 })
  const first = call('x')
  await clock.advance(4000)
  finish('x')
  await first
  void call('y')
  const waiting = call('z')
  await clock.advance(5000)
  expect(await waiting).toMatchObject({ kind: 'refused', status: 429, retryAfterMs: 4000, error: { code: 'MCP_QUEUE_TIMEOUT' } })
  expect(core.queued()).toBe(0)
})

test('a caller that leaves while it waits leaves nothing behind', async () => {
  const { clock, core, call } = world({ maxConcurrent: 1, maxConcurrentPerClient: 1 })
  void call('x')
  const leave = new AbortController()
  const waiting = call('y', keyed('a'), leave.signal)
  await clock.advance(0)
  leave.abort()
  expect(await waiting).toEqual({ kind: 'cancelled' })
  await clock.advance(0)
  expect([core.queued(), core.inFlight()]).toEqual([0, 1])
})

const none = { rates: [], queryRates: [], quotas: [], queryQuotas: [] }
const oneASecond = { ...none, rates: [{ calls: 1, perMs: 1000, burst: 0 }] }

test('rates and quotas are counted by principal, whatever session a call comes in', async () => {
  const { clock, core, call } = world({
    rates: { perClient: { ...oneASecond, quotas: [{ calls: 2, perMs: 3_600_000 }] }, total: none },
  })
  void call('x', keyed('a'))
  await clock.advance(100)
  expect(await call('y', keyed('a'))).toMatchObject({
    status: 429,
    retryAfterMs: 900,
    error: { code: 'MCP_RATE_LIMITED', message: 'Rate limit exceeded: this client sends more calls than it may.' },
  })
  void call('z', keyed('b'))
  await clock.advance(900)
  void call('x2', keyed('a'))
  await clock.advance(1000)
  expect(await call('x3', keyed('a'))).toMatchObject({
    status: 429,
    retryAfterMs: 3_598_000,
    error: { code: 'MCP_QUOTA_EXCEEDED' },
  })
  expect(core.admission().limitsReached).toEqual({ client_rate: 1, client_quota: 1, total_rate: 0, total_quota: 0 })
  expect(await core.metrics.render()).toContain('mcp_rate_limit_hits_total{limit="client_rate"} 1')
})

test('on this machine, where all are one principal, sessions count; calls of no session meet only the limits of all', async () => {
  const { core } = world({ rates: { perClient: oneASecond, total: none } })
  const session = core.sessions.open({ owner: localPrincipal, clientType: 'cursor' })
  const send = (extra: object): Promise<CallOutcome> =>
    core.call({
      tool: 'list_nothing',
      arguments: {},
      caller: { transport: 'http', clientType: 'cursor', remoteAddress: '127.0.0.1', ...extra },
      canceller: new AbortController(),
    })
  expect(await send({ session })).toMatchObject({ kind: 'unknown-tool' })
  expect(await send({ session })).toMatchObject({ status: 429 })
  expect([await send({}), await send({})]).toMatchObject([{ kind: 'unknown-tool' }, { kind: 'unknown-tool' }])
})

test('the limits of all hold for all', async () => {
  const { clock, call } = world({ rates: { perClient: none, total: oneASecond } })
  void call('x', keyed('a'))
  await clock.advance(0)
  expect(await call('y', keyed('b'))).toMatchObject({
    status: 429,
    error: { message: 'Rate limit exceeded: all clients together send more calls than the server takes.' },
  })
})

function failingCore(error: CodedError, isWell: () => boolean, clock: FakeClock): TestCore {
  const base = scriptedSnowflake(() => ({ columns: ['1'], rows: [[1]] }))
  const acquire: typeof base.acquire = async (request) => {
    if (isWell()) return base.acquire(request)
    throw error
  }
  return testCore({ ...base, acquire }, { clock })
}

function select(core: TestCore, principal: Principal): Promise<CallOutcome> {
  const caller = { transport: 'http', clientType: 'http_client', principal } as const
  return core.call({ tool: 'execute_query', arguments: { query: 'SELECT 1' }, caller, canceller: new AbortController() })
}

test('a Snowflake that cannot be reached is left alone for a while, then tried by one call', async () => {
  const clock = new FakeClock()
  let isWell = false
  const core = failingCore(new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE), () => isWell, clock)
  for (let failure = 0; failure < 5; failure += 1)
    expect(await select(core, keyed(`p${failure}`))).toMatchObject({ result: { isError: true } })
  expect(await select(core, keyed('a'))).toMatchObject({
    kind: 'refused',
    status: 503,
    retryAfterMs: 1000,
    error: { code: 'MCP_SNOWFLAKE_UNAVAILABLE' },
  })
  await clock.advance(1000)
  expect(await select(core, keyed('a'))).toMatchObject({ result: { isError: true } })
  expect(await select(core, keyed('a'))).toMatchObject({ status: 503, retryAfterMs: 2000 })
  isWell = true
  await clock.advance(2000)
  expect(await select(core, keyed('a'))).toMatchObject({ kind: 'answered', result: { structuredContent: { rows: [[1]] } } })
  expect(core.admission()).toMatchObject({ breaker: { state: 'closed', openedTotal: 2 }, breakerRefusals: 2 })
  expect(await core.metrics.render()).toContain('mcp_circuit_breaker_state{state="closed"} 1')
})

test('a principal whose sign-in fails is kept from trying on; others are not', async () => {
  const clock = new FakeClock()
  let isWell = false
  const core = failingCore(new CodedError(snowflakeErrors.SNOWFLAKE_SIGN_IN_FAILED), () => isWell, clock)
  for (let failure = 0; failure < 5; failure += 1) await select(core, keyed('a'))
  expect(await select(core, keyed('a'))).toMatchObject({ status: 503, retryAfterMs: 1000 })
  isWell = true
  expect(await select(core, keyed('b'))).toMatchObject({ kind: 'answered', result: { structuredContent: { rows: [[1]] } } })
  expect(core.admission().breaker).toMatchObject({ state: 'closed', principals: 1 })
  await clock.advance(1000)
  expect(await select(core, keyed('a'))).toMatchObject({ kind: 'answered', result: { structuredContent: { rows: [[1]] } } })
  expect(core.admission().breaker.principals).toBe(0)
})

test('a pool in which nothing can be opened tells of an outage too', async () => {
  const clock = new FakeClock()
  const cause = new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE)
  const core = failingCore(new CodedError(poolErrors.POOL_WAIT_TIMEOUT, { cause }), () => false, clock)
  for (let failure = 0; failure < 5; failure += 1) await select(core, keyed('a'))
  expect(await select(core, keyed('a'))).toMatchObject({ status: 503 })
})

test('calls that never come to Snowflake neither open the breaker nor stay in its trial', async () => {
  const clock = new FakeClock()
  const core = failingCore(new CodedError(snowflakeErrors.SNOWFLAKE_UNREACHABLE), () => false, clock)
  const wrong = (): Promise<CallOutcome> =>
    core.call({
      tool: 'execute_query',
      arguments: {},
      caller: { transport: 'stdio', clientType: 'unknown' },
      canceller: new AbortController(),
    })
  for (let call = 0; call < 10; call += 1) await wrong()
  expect(core.admission().breaker.state).toBe('closed')
  for (let failure = 0; failure < 5; failure += 1) await select(core, keyed('a'))
  await clock.advance(1000)
  expect(await wrong()).toMatchObject({ kind: 'answered' })
  expect(await select(core, keyed('a'))).toMatchObject({ result: { isError: true } })
})

test('a call for which no session can be found room is turned away', async () => {
  const { core } = world({ maxSessions: 1 })
  const busy = core.sessions.open({ owner: localPrincipal, clientType: 'cursor' })
  core.sessions.startRequest(busy)
  expect(await select(core, keyed('b'))).toMatchObject({
    kind: 'refused',
    status: 503,
    retryAfterMs: 1000,
    error: { code: 'SESSION_LIMIT_REACHED' },
  })
})

test('a caller that makes up tokens for Snowflake gets no more calls than its key may have', async () => {
  const perClient = { rates: [{ calls: 2, perMs: 60_000, burst: 0 }], queryRates: [], quotas: [], queryQuotas: [] }
  const { call, clock, started, finish } = world({ rates: { ...testLimits.rates, perClient } })
  const calls = ['x', 'y', 'z'].map((what) => call(what, withSnowflakeToken(keyed('a'), { 'x-snowflake-token': what })))
  await clock.advance(0)
  expect(started).toEqual(['x', 'y'])
  for (const what of started) finish(what)
  expect(await Promise.all(calls)).toMatchObject([answer, answer, { kind: 'refused', error: { code: 'MCP_RATE_LIMITED' } }])
})
