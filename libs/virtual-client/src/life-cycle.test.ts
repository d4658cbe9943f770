import type { ClientPlan, Json, LifeCyclePlan, LoadPlan } from '@squall/load-plan'
import { type Fault, ScriptedServer, type SeenRequest } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createClientFactories, neverEnding, type VirtualClient } from './index.ts'
import { clientKinds } from './kinds/client-kinds.ts'
import { createLifeCycles } from './life-cycle.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'
import { TestEnd } from './test/test-end.ts'

// Far beyond what an idle machine takes.
const patience = { timeout: 20_000 }

const ping: readonly Json[] = [{ ping: {} }]
const httpClient = clientKinds.find(({ name }) => name === 'http_client')

function planWith(
  url: string,
  lifeCycle: Omit<LifeCyclePlan, 'weight'>,
  client: Partial<ClientPlan> = {},
  more: Partial<LoadPlan> = {},
): LoadPlan {
  return planFor(url, ping, { lifeCycles: [{ weight: 1, ...lifeCycle }], ...client }, more)
}

test.each<[string, Omit<LifeCyclePlan, 'weight'>, number]>([
  ['one session for its life', {}, 1],
  ['a session for each iteration', { sessionIterations: 1 }, 6],
  ['a session for every two iterations', { sessionIterations: 2 }, 3],
])('a client keeps %s, and ends each with the server', async (_, lifeCycle, sessions) => {
  await using server = await ScriptedServer.start()
  const recorder = await runClient(planWith(server.url, lifeCycle), { iterations: 6 })
  expect([recorder.counters.get('sessionsOpened'), server.endedSessions]).toEqual([sessions, sessions])
  expect(recorder.codesOf('ping')).toHaveLength(6)
})

test('a session grows old by the clock, and is changed before the iteration that comes after', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock(5000)
  const recorder = new MemoryRecorder()
  const client = create(planWith(server.url, { sessionMs: 1000 }), { clock, recorder })
  await client.open(neverEnding)
  for (const ageMs of [0, 999, 1]) {
    await clock.advance(ageMs)
    await client.iterate(5000, neverEnding)
  }
  await client.close()
  expect(recorder.counters.get('sessionsOpened')).toBe(2)
  expect(server.sequence.filter((entry) => ['initialize', 'ping', 'DELETE'].includes(entry))).toEqual([
    'initialize',
    'ping',
    'ping',
    'DELETE',
    'initialize',
    'ping',
    'DELETE',
  ])
  // The lateness of the iteration is the handshake's; the flow's own call is due once the session stands.
  const [, late] = recorder.calls.filter(({ method }) => method === 'initialize')
  expect(late?.responseMs).toBeGreaterThanOrEqual(1000)
  expect(recorder.calls.at(-1)?.responseMs).toBeLessThan(1000)
})

test('a share of the sessions is abandoned without a word, the rest is ended', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planWith(server.url, { sessionIterations: 1, abandonRatio: 0.5 }), { iterations: 60 })
  expect(server.endedSessions + server.sessions.size).toBe(60)
  expect(server.endedSessions).toBeGreaterThan(15)
  expect(server.sessions.size).toBeGreaterThan(15)
})

test.each([
  ['http_client', true, ['GET']],
  ['claude_code', false, []],
  ['claude_code', true, ['GET']],
])('%s with holdsStream %s opens the streams %j', async (clientKind, holdsStream, streams) => {
  await using server = await ScriptedServer.start({ era: 'legacy' })
  await runClient(planWith(server.url, { holdsStream }, { clientKind }))
  expect(server.sequence.filter((entry) => entry === 'GET')).toEqual(streams)
})

test('an idle client holds its stream, makes no call, and resumes the stream every so often', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock()
  const recorder = new MemoryRecorder()
  const client = create(planWith(server.url, { holdsStream: true, idleMs: 5000, reconnectMs: 2000 }), { clock, recorder })
  await client.open(neverEnding)
  const walk = Promise.resolve(client.iterate(0, neverEnding))
  let isOver = false
  void walk.then(() => (isOver = true))
  for (const expected of [1, 2, 3]) {
    await vi.waitFor(() => expect([streamsAskedFor(server), server.openPushStreams]).toEqual([expected, 1]), patience)
    if (expected < 3) await clock.advance(2000)
  }
  expect(isOver).toBe(false)
  await clock.advance(1000)
  await walk
  await client.close()
  expect(recorder.codesOf('ping')).toEqual([])
})

test('an idle client leaves at once when the run ends', async () => {
  await using server = await ScriptedServer.start()
  const end = new TestEnd()
  const client = create(planWith(server.url, { idleMs: 3_600_000, reconnectMs: 1_000_000, holdsStream: true }))
  await client.open(end)
  const walk = client.iterate(systemClock.monotonicMs(), end)
  end.begin()
  await walk
  await client.close()
  expect(server.endedSessions).toBe(1)
})

test('life cycles are mixed by weight, and each client always follows the same', () => {
  if (!httpClient) throw new Error('no such kind')
  const plans = [{ weight: 3 }, { weight: 1, idleMs: 1000 }]
  const of = createLifeCycles(httpClient, plans, 1)
  const idle = Array.from({ length: 4000 }, (_, index) => of(index)).filter(({ idleMs }) => idleMs !== undefined)
  expect(idle.length).toBeGreaterThan(900)
  expect(idle.length).toBeLessThan(1100)
  fc.assert(fc.property(fc.nat(), (index) => of(index) === of(index)))
  expect(createLifeCycles(httpClient, undefined, 1)(7)).toMatchObject({ weight: 1, hasTerm: false })
})

test('rows that are handed out once end the clients that find none, and say so once', async () => {
  await using server = await ScriptedServer.start()
  const payloads = [{ fields: ['sql'], rows: [['a'], ['b'], ['c']], order: 'unique' as const }]
  const model = { type: 'closed', clients: 2, spawnRatePerSecond: 1, durationMs: 1000 } as const
  const plan = planFor(server.url, [{ callTool: { name: 'echo', arguments: { text: '{{ sql }}' } } }], {}, { payloads, model })
  const lines: string[] = []
  const recorder = new MemoryRecorder()
  const host = { clock: systemClock, recorder, seed: 1, log: (line: string) => lines.push(line) }
  const [factory] = createClientFactories(plan, host)
  for (const index of [0, 1, 2]) {
    const client = factory?.create(index)
    await client?.open(neverEnding)
    for (let iteration = 0; iteration < 5; iteration++) await client?.iterate(systemClock.monotonicMs(), neverEnding)
    expect(client?.isFinished).toBe(true)
    await client?.close()
  }
  const texts = server.seen.filter(({ tool }) => tool !== '').map(({ params }) => (params['arguments'] as { text: string }).text)
  expect(texts.toSorted()).toEqual(['a', 'b', 'c'])
  expect(lines).toEqual(['one: rows that are handed out once are used up: clients that would need one leave'])
  // The third client was not planned for, so there was no row for it to begin with.
  expect([recorder.counters.get('droppedStarts'), recorder.counters.get('sessionsOpened')]).toEqual([1, 2])
})

test('headers are rendered with the first row of their client', async () => {
  await using server = await ScriptedServer.start()
  const payloads = [{ fields: ['token'], rows: [['t0'], ['t1']], order: 'sequence' as const }]
  const plan = planFor(server.url, ping, { headers: { authorization: 'Bearer {{ token }}' } }, { payloads })
  await runClient(plan, { index: 1 })
  expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer t1']))
})

test('clients churn, abandon, idle, reconnect behind the last event and open lost sessions anew, mixed by weight, every session accounted for [L8]', async () => {
  let toolCalls = 0
  let lost = 0
  const loseEveryTenth = ({ tool }: SeenRequest): Fault | undefined =>
    tool !== '' && ++toolCalls % 10 === 0 ? (lost++, 'session-lost') : undefined
  await using server = await ScriptedServer.start({ fault: loseEveryTenth })
  const lifeCycles = [
    { weight: 3, sessionIterations: 1 },
    { weight: 2, sessionIterations: 2, abandonRatio: 1 },
    { weight: 2, idleMs: 80, reconnectMs: 20, holdsStream: true },
    { weight: 1 },
  ]
  const recorder = new MemoryRecorder()
  const flow = [{ callTool: { name: 'echo', arguments: { text: 'x' } } }]
  const [factory] = createClientFactories(planFor(server.url, flow, { lifeCycles }), { clock: systemClock, recorder, seed: 1 })
  const pushing = setInterval(() => server.push({ jsonrpc: '2.0', method: 'notifications/message' }, 'event-1'), 2)
  await Promise.all(Array.from({ length: 40 }, (_, index) => live(factory?.create(index), 4)))
  clearInterval(pushing)
  expect(recorder.methods).toEqual(server.counts.methods)
  const opened = recorder.codesOf('initialize').length
  expect(recorder.counters.get('sessionsOpened')).toBe(opened)
  expect(lost).toBeGreaterThan(3)
  expect(recorder.codesOf('tools/call').filter((code) => code === 'http.404')).toHaveLength(lost)
  // What was opened was ended, abandoned or lost.
  expect(opened).toBe(server.endedSessions + server.sessions.size + lost)
  expect(server.sessions.size).toBeGreaterThan(3)
  expect(server.endedSessions).toBeGreaterThan(40)
  const streams = server.seen.filter(({ verb }) => verb === 'GET')
  expect(streams.some(({ headers }) => headers['last-event-id'] === 'event-1')).toBe(true)
  expect(streams.length).toBeGreaterThan(new Set(streams.map(({ headers }) => headers['mcp-session-id'])).size)
})

function create(plan: LoadPlan, host: { clock?: FakeClock; recorder?: MemoryRecorder } = {}): VirtualClient {
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder: new MemoryRecorder(), seed: 1, ...host })
  if (!factory) throw new Error('no factory')
  return factory.create(0)
}

const streamsAskedFor = (server: ScriptedServer): number => server.sequence.filter((entry) => entry === 'GET').length

async function live(client: VirtualClient | undefined, iterations: number): Promise<void> {
  await client?.open(neverEnding)
  for (let left = iterations; left > 0; left--) await client?.iterate(systemClock.monotonicMs(), neverEnding)
  await client?.close()
}
