// Faults as clients feel them on the wire, on a clock of the test's own.
import { FakeClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { AdminClient } from '../test/admin-client.ts'
import { serveScripted, type Served } from '../test/serve-scripted.ts'
import { WireClient } from '../test/wire-client.ts'
import { findFaultProblems } from './faults.ts'

interface Scene extends Served {
  readonly clock: FakeClock
  readonly client: WireClient
  readonly admin: AdminClient
}

async function open(options: Parameters<typeof serveScripted>[0] = {}): Promise<Scene> {
  const clock = new FakeClock()
  const served = await serveScripted({ clock, ...options })
  const client = new WireClient(served.url)
  await client.logIn()
  return { ...served, clock, client, admin: new AdminClient(served.url) }
}

/** The status of a request of a client, whatever it is answered. */
async function statusOf(url: string, path = '/session/heartbeat'): Promise<Response> {
  return await fetch(url + path, { method: 'POST', body: '{}' })
}

test('nothing is at work at first, and each kind says what it does', async () => {
  const { admin } = await open()
  const { faults } = await admin.state()
  expect(Object.keys(faults)).toEqual([
    'outage',
    'throttle',
    'login-limit',
    'latency',
    'cancel-statements',
    'fail-statements',
    'expire-tokens',
    'lose-sessions',
  ])
  for (const fault of Object.values(faults)) {
    expect(fault).toMatchObject({ isActive: false, options: null, hits: 0 })
    expect(fault.summary).toContain('{')
  }
})

test('latency holds the statements it fits, for as long as it says, until it is ended', async () => {
  const { admin, client, clock } = await open()
  const rules = [{ pattern: '^rows 1', delay: { ms: 200 } }]
  expect(await admin.begin('latency', { rules })).toMatchObject({ isActive: true, options: { rules }, hits: 0 })
  const before = clock.pendingCount
  const slow = client.query('ROWS 1')
  expect(await client.query('ROWS 2')).toMatchObject({ success: true })
  await vi.waitFor(async () => expect(await admin.hits('latency')).toBe(1))
  await vi.waitFor(() => expect(clock.pendingCount).toBeGreaterThan(before))
  expect(await admin.state()).toMatchObject({ statements: { running: 1 } })
  await clock.advance(199)
  expect(await admin.state()).toMatchObject({ statements: { running: 1 } })
  await clock.advance(1)
  expect(await slow).toMatchObject({ success: true })
  expect(await admin.end('latency')).toMatchObject({ isActive: false, hits: 1 })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
})

test('a statement that waits for its latency can be cancelled', async () => {
  const { admin, client } = await open()
  await admin.begin('latency', { rules: [{ delay: { minMs: 1e6, maxMs: 2e6 } }] })
  const slow = client.query('ROWS 1', { requestId: 'mine' })
  await vi.waitFor(async () => expect(await admin.hits('latency')).toBe(1))
  expect(await client.post('/queries/v1/abort-request', { requestId: 'mine' })).toMatchObject({ success: true })
  expect(await slow).toMatchObject({ success: false, code: '000604' })
})

test('the next statements fail with the code asked for, and no more than those', async () => {
  const { admin, client } = await open()
  await admin.begin('fail-statements', { count: 2, code: '000625', sqlState: '57014', message: 'lock lost', pattern: 'rows' })
  expect(await client.query('USE SALES')).toMatchObject({ success: true })
  for (let index = 0; index < 2; index += 1)
    expect(await client.query('ROWS 1')).toMatchObject({ code: '000625', message: 'lock lost', data: { sqlState: '57014' } })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
  expect((await admin.state()).faults['fail-statements']).toMatchObject({ isActive: false, hits: 2 })
  await admin.begin('fail-statements', { ratio: 0 })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
})

test('statements that run are cancelled by somebody else, and so are the next ones where asked', async () => {
  const { admin, client, engine, clock } = await open()
  const running = [client.query('HANG a'), client.query('HANG b')]
  await vi.waitFor(() => expect(engine.executed).toHaveLength(2))
  expect(await admin.begin('cancel-statements', { pattern: 'b$' })).toMatchObject({ isActive: false, hits: 1 })
  expect(await running[1]).toMatchObject({ code: '000604' })
  expect(await admin.begin('cancel-statements')).toMatchObject({ hits: 2 })
  expect(await running[0]).toMatchObject({ code: '000604', data: { sqlState: '57014' } })

  await admin.begin('cancel-statements', { next: 1, afterMs: 50, pattern: 'rows' })
  expect(await client.query('USE SALES')).toMatchObject({ success: true })
  const before = clock.pendingCount
  const doomed = client.query('ROWS 1')
  await vi.waitFor(() => expect(clock.pendingCount).toBe(before + 2))
  await clock.advance(50)
  expect(await doomed).toMatchObject({ code: '000604' })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
})

test.each([
  [{}, 429, '390505', null],
  [{ status: 503, retryAfterSeconds: 2 }, 503, '390503', '2'],
  [{ code: '390999' }, 429, '390999', null],
] as const)('throttled by %j a request is answered %i', async (options, status, code, retryAfter) => {
  const { admin, url } = await open()
  await admin.begin('throttle', { count: 1, ...options })
  const response = await statusOf(url)
  expect(response.status).toBe(status)
  expect(response.headers.get('retry-after')).toBe(retryAfter)
  expect(await response.json()).toMatchObject({ success: false, code })
  expect((await statusOf(url)).status).toBe(200)
})

test('a ratio strikes about so many, and the same ones for the same seed', async () => {
  const { admin, url } = await open()
  const strike = async (): Promise<number[]> => {
    await admin.begin('throttle', { ratio: 0.5, seed: 7 })
    const statuses = []
    for (let index = 0; index < 30; index += 1) statuses.push((await statusOf(url)).status)
    return statuses
  }
  const first = await strike()
  expect(first.filter((status) => status === 429).length).toBeGreaterThan(5)
  expect(first.filter((status) => status === 200).length).toBeGreaterThan(5)
  expect(await strike()).toEqual(first)
})

test('too many sign-ins within a second are turned away, others are not', async () => {
  const { admin, client, clock, url } = await open()
  await admin.begin('login-limit', { perSecond: 2 })
  const signIn = async (): Promise<number> => (await statusOf(url, '/session/v1/login-request?requestId=1')).status
  expect([await signIn(), await signIn(), await signIn()]).toEqual([200, 200, 429])
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
  await clock.advance(1_001)
  expect(await signIn()).toBe(200)
  expect(await admin.hits('login-limit')).toBe(1)
})

test('unavailable, the service answers 503 until its time is over', async () => {
  const { admin, clock, url } = await open()
  await admin.begin('outage', { durationMs: 2_000 })
  expect((await statusOf(url)).status).toBe(503)
  await clock.advance(2_000)
  expect((await statusOf(url)).status).toBe(200)
  expect((await admin.state()).faults['outage']).toMatchObject({ isActive: false, hits: 1 })
})

test('with connections reset, clients get no answer, and the admin API does', async () => {
  const { admin, client, clock, engine, url } = await open()
  const inFlight = client.query('HANG').catch((error: Error) => error.message)
  await vi.waitFor(() => expect(engine.executed).toHaveLength(1))
  await admin.begin('outage', { kind: 'reset', durationMs: 30_000 })
  expect(await inFlight).toBe('fetch failed')
  await expect(statusOf(url)).rejects.toThrow('fetch failed')
  expect(await admin.state()).toMatchObject({ statements: { running: 1 } })
  await clock.advance(30_000)
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
})

test('with connections refused nobody is let in until the outage is over or ended', async () => {
  const { admin, clock, url } = await open()
  await admin.state()
  await admin.begin('outage', { kind: 'refuse', durationMs: 2_000 })
  // A client that comes anew, on no connection of before.
  const knock = async (): Promise<unknown> =>
    await fetch(url.replace('127.0.0.1', 'localhost'), { headers: { connection: 'close' } }).then(
      ({ status }) => status,
      (error: Error) => (error.cause as { code?: string }).code,
    )
  expect(await knock()).toBe('ECONNREFUSED')
  await clock.advance(2_000)
  await vi.waitFor(async () => expect(await knock()).toBe(404))
  expect(await admin.state()).toMatchObject({ faults: { outage: { isActive: false } } })
})

test('tokens expire after a while: the session’s, and then the master’s', async () => {
  const { admin, client, clock } = await open()
  await admin.begin('expire-tokens', { afterMs: 1_000 })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
  await clock.advance(1_000)
  expect(await client.query('ROWS 1')).toMatchObject({ success: false, code: '390112' })
  expect(await client.renew()).toMatchObject({ success: true })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
  expect(await admin.begin('expire-tokens', { kind: 'master' })).toMatchObject({ hits: 2, isActive: false })
  expect(await client.query('ROWS 1')).toMatchObject({ code: '390112' })
  expect(await client.renew()).toMatchObject({ code: '390114' })
  // Nobody can reach it any more.
  await vi.waitFor(async () => expect(await admin.state()).toMatchObject({ sessions: { open: 0, ended: 1 } }))
})

test.each(['390111', '390104'] as const)('a lost session tells its client %s', async (code) => {
  const { admin, client, engine, url } = await open()
  const other = new WireClient(url)
  await other.logIn()
  expect(await admin.begin('lose-sessions', { code, sessionId: 1 })).toMatchObject({ hits: 1, isActive: false })
  expect(await client.query('ROWS 1')).toMatchObject({ success: false, code })
  expect(await other.query('ROWS 1')).toMatchObject({ success: true })
  await vi.waitFor(() => expect(engine.openSessions.size).toBe(1))
  expect((await admin.state()).sessions).toEqual({ open: 1, opened: 2, ended: 1 })
})

test('a reset ends all faults, and brings back those of the start', async () => {
  const { admin, client, clock } = await open({
    faults: { 'fail-statements': { count: 1, code: '000606' } },
    warehouses: { slots: 3 },
  })
  expect(await client.query('ROWS 1')).toMatchObject({ code: '000606' })
  await admin.begin('throttle')
  await admin.begin('expire-tokens', { afterMs: 1_000 })
  await admin.set('*', { slots: null, suspended: true, resumeDelayMs: 100 })
  const timers = clock.pendingCount
  const state = (await admin.ask('POST', 'reset')) as Awaited<ReturnType<AdminClient['state']>>
  expect(clock.pendingCount).toBe(timers - 1)
  expect(state.faults).toMatchObject({ throttle: { isActive: false }, 'fail-statements': { isActive: true, hits: 1 } })
  expect(state.warehouses[0]).toMatchObject({ status: 'STARTED', slots: 3, resumeDelayMs: 0 })
  expect(await client.query('ROWS 1')).toMatchObject({ code: '000606' })
  expect(await client.query('ROWS 1')).toMatchObject({ success: true })
})

test('one fault takes the place of another of its kind; all end at once', async () => {
  const { admin, clock, url } = await open()
  const timers = clock.pendingCount
  await admin.begin('outage', { durationMs: 1_000 })
  await admin.begin('outage', { durationMs: 9_000 })
  expect(clock.pendingCount).toBe(timers + 1)
  const faults = await admin.ask('DELETE', 'faults')
  expect(faults).toMatchObject({ outage: { isActive: false } })
  expect(clock.pendingCount).toBe(timers)
  expect((await statusOf(url)).status).toBe(200)
})

test.each([
  ['PUT', 'faults/earthquake', {}, "there is no fault 'earthquake': expected one of outage, throttle"],
  ['DELETE', 'faults/earthquake', undefined, "there is no fault 'earthquake'"],
  ['PUT', 'faults/outage', { durationMs: -1, kind: 'big', x: 1 }, 'kind: '],
  ['PUT', 'faults/latency', { rules: [{ delay: { minMs: 2, maxMs: 1 } }] }, 'rules.0.delay: minMs must not be above maxMs'],
  ['PUT', 'faults/latency', { rules: [{ delay: { ms: 'x' } }] }, 'expected { ms }, { minMs, maxMs } or'],
  ['PUT', 'faults/fail-statements', { pattern: '(' }, 'pattern: Invalid regular expression'],
  ['PATCH', 'warehouses/nowhere', {}, "there is no warehouse 'NOWHERE': expected * or one of COMPUTE_WH"],
  ['PATCH', 'warehouses/compute_wh', { slots: 0 }, 'slots: '],
] as const)('%s %s of %j is refused, and says why', async (method, path, body, message) => {
  const { admin } = await open()
  expect(await admin.ask(method, path, body)).toEqual({ error: expect.stringContaining(message) as string })
})

test('faults are checked before anything starts', () => {
  expect(findFaultProblems({ throttle: { ratio: 2 }, 'login-limit': { perSecond: 1 }, flood: {} })).toEqual([
    expect.stringContaining('throttle: ratio: ') as string,
    expect.stringContaining("flood: there is no fault 'flood'") as string,
  ])
})
