import type { Json } from '@squall/load-plan'
import { type Fault, freePort, ScriptedServer, type SeenRequest } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { createClientFactories, neverEnding as never, type VirtualClient } from './index.ts'
import type { Pending } from './later.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'
import { TestEnd } from './test/test-end.ts'

const echo = (text: Json, more: Record<string, Json> = {}): Json => ({ callTool: { name: 'echo', arguments: { text }, ...more } })

function create(
  flow: readonly Json[],
  target: string,
  host: { clock?: FakeClock; recorder: MemoryRecorder },
  kind = 'http_client',
): VirtualClient {
  const [factory] = createClientFactories(planFor(target, flow, { clientKind: kind }), { clock: systemClock, seed: 1, ...host })
  if (!factory) throw new Error('no factory')
  return factory.create(0)
}

const refuse =
  (refused: string) =>
  ({ method }: SeenRequest): Fault | undefined =>
    method === refused ? { status: 503 } : undefined

/** Moves a fake clock on until the promise settles, a step of simulated time for each turn of real work. */
async function untilSettled<T>(clock: FakeClock, work: Pending<T>, stepMs = 1): Promise<T> {
  const settled = Promise.resolve(work)
  let isSettled = false
  void settled.finally(() => (isSettled = true))
  await vi.waitFor(
    async () => {
      await clock.advance(isSettled ? 0 : stepMs)
      expect(isSettled).toBe(true)
    },
    { interval: 1, timeout: 5000 },
  )
  return await settled
}

test('the first call counts from the intended start, the next from when it was due', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock(10_000)
  const recorder = new MemoryRecorder()
  const client = create([echo('a'), { think: '200ms' }, echo('b')], server.url, { clock, recorder })
  expect(await client.open(never)).toBe(true)
  expect(await untilSettled(clock, client.iterate(7000, never), 50)).toBeUndefined()
  await client.close()
  const [first, second] = recorder.calls.filter(({ tool }) => tool === 'echo')
  expect(first?.responseMs).toBeGreaterThanOrEqual(3000)
  expect(first?.serviceMs).toBeLessThan(3000)
  // The timer of the think time fired at most one step late, and the step counts as the call's.
  expect(second?.responseMs).toBeLessThan(1000)
  expect(second?.responseMs).toBeGreaterThanOrEqual(second?.serviceMs ?? Number.NaN)
})

test('a think that ends late makes the one behind it no later', async () => {
  await using server = await ScriptedServer.start()
  const clock = new FakeClock()
  const recorder = new MemoryRecorder()
  const client = create([echo('a'), { think: '200ms' }, { think: '200ms' }, echo('b')], server.url, { clock, recorder })
  await client.open(never)
  const walk = client.iterate(0, never)
  await vi.waitFor(() => expect(recorder.calls.filter(({ tool }) => tool === 'echo')).toHaveLength(1))
  clock.freeze(350)
  await clock.advance(49)
  expect(server.counts.toolCalls).toBe(1)
  await clock.advance(1)
  await walk
  await client.close()
  expect(recorder.calls.at(-1)).toMatchObject({ tool: 'echo', serviceMs: 0, responseMs: 0 })
  expect(clock.monotonicMs()).toBe(400)
})

test('pace sets the next intended start from the last intended one, however long the iteration took', async () => {
  await using server = await ScriptedServer.start()
  const recorder = new MemoryRecorder()
  const client = create([{ initialize: {} }, { ping: {} }, { pace: 2 }], server.url, { recorder })
  await client.open(never)
  expect(await client.iterate(500, never)).toBe(2500)
  expect(await client.iterate(2500, never)).toBe(4500)
  await client.close()
  expect(server.counts.methods.get('initialize')).toBe(1)
})

test('an initialize further down makes the client leave and come back as a new session', async () => {
  await using server = await ScriptedServer.start()
  const recorder = await runClient(planFor(server.url, [{ ping: {} }, { initialize: {} }, { ping: {} }]))
  expect(recorder.counters.get('sessionsOpened')).toBe(2)
  expect(server.endedSessions).toBe(2)
})

test('a client whose session was lost opens a new one and goes on', async () => {
  let lost = false
  const fault = (): Fault | undefined => (lost ? undefined : ((lost = true), 'session-lost'))
  await using server = await ScriptedServer.start({ fault: ({ tool }) => (tool === '' ? undefined : fault()) })
  const recorder = await runClient(planFor(server.url, [echo('a'), echo('b')]))
  expect(recorder.codesOf('tools/call')).toEqual(['http.404', undefined])
  expect(recorder.codesOf('initialize')).toEqual([undefined, undefined])
})

test('a doubled answer fails no call, and is counted by itself', async () => {
  let isDoubled = false
  const fault = (): Fault | undefined => (isDoubled ? undefined : ((isDoubled = true), 'duplicate-id'))
  await using server = await ScriptedServer.start({ replies: 'sse', fault: ({ tool }) => (tool === '' ? undefined : fault()) })
  const recorder = new MemoryRecorder()
  const client = create([echo('a')], server.url, { recorder })
  await client.open(never)
  // The double comes behind the answer, so it may be seen only by a later iteration.
  await vi.waitFor(async () => {
    await client.iterate(0, never)
    expect(recorder.counters.get('strayReplies')).toBe(1)
  })
  await client.close()
  expect(recorder.counters.get('strayReplies')).toBe(1)
  expect(recorder.methods.get('tools/call')).toBe(server.counts.toolCalls)
  expect(recorder.codesOf('tools/call').every((code) => code === undefined)).toBe(true)
})

test('a client that finds nobody says so, and pauses before it tries again', async () => {
  const clock = new FakeClock()
  const recorder = new MemoryRecorder()
  const client = create([echo('a'), { pace: 1 }], `http://127.0.0.1:${await freePort()}/mcp`, { clock, recorder })
  expect(await client.open(never)).toBe(false)
  expect(recorder.codesOf('initialize')).toEqual(['transport.refused'])
  expect(await untilSettled(clock, client.iterate(0, never), 10)).toBe(1000)
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(100)
  expect(await untilSettled(clock, client.iterate(1000, never), 10)).toBe(2000)
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(300)
  await client.close()
  expect(recorder.codesOf('tools/call')).toEqual([])
})

test('a target that dies between calls is counted, and clients do not hammer it', async () => {
  const server = await ScriptedServer.start()
  const recorder = new MemoryRecorder()
  const client = create([echo('a')], server.url, { recorder })
  await client.open(never)
  await server[Symbol.asyncDispose]()
  const startMs = systemClock.monotonicMs()
  for (let call = 0; call < 3; call++) await client.iterate(systemClock.monotonicMs(), never)
  expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(290)
  expect(new Set(recorder.codesOf('tools/call'))).not.toContain(undefined)
  await client.close()
})

test('a handshake that fails, or whose confirmation is refused, is no open session', async () => {
  await using busy = await ScriptedServer.start({ fault: refuse('initialize') })
  await using rude = await ScriptedServer.start({ noticeStatus: () => 500 })
  for (const server of [busy, rude]) {
    const recorder = new MemoryRecorder()
    const client = create([echo('a')], server.url, { recorder })
    expect(await client.open(never)).toBe(false)
    await client.close()
  }
})

test('a probe that fails for another reason than the era is a failure, and nothing follows it', async () => {
  await using server = await ScriptedServer.start({ fault: refuse('server/discover') })
  const recorder = new MemoryRecorder()
  const client = create([echo('a')], server.url, { recorder }, 'claude_code')
  expect(await client.open(never)).toBe(false)
  expect(recorder.codesOf('server/discover')).toEqual(['http.503'])
  expect(server.sequence).toEqual(['server/discover'])
})

test('the end of the run ends waits at once, and leaves out the rest', async () => {
  await using server = await ScriptedServer.start()
  const recorder = new MemoryRecorder()
  const client = create([echo('a'), { think: 1000 }, echo('b')], server.url, { recorder })
  const end = new TestEnd()
  await client.open(end)
  const walk = client.iterate(systemClock.monotonicMs(), end)
  await vi.waitFor(() => expect(recorder.codesOf('tools/call')).toHaveLength(1))
  end.begin()
  await walk
  await client.close()
  expect(server.counts.toolCalls).toBe(1)
})

test('a call under way when the run ends gets its answer, and nothing follows it', async () => {
  const end = new TestEnd()
  await using server = await ScriptedServer.start({ fault: ({ tool }) => void (tool !== '' && end.begin()) })
  const recorder = new MemoryRecorder()
  const client = create([{ loop: [echo('a'), { ping: {} }], count: 3 }, { initialize: {} }], server.url, { recorder })
  await client.open(end)
  await client.iterate(systemClock.monotonicMs(), end)
  await client.close()
  expect(recorder.codesOf('tools/call')).toEqual([undefined])
  expect(server.sequence.slice(-2)).toEqual(['tools/call', 'DELETE'])
})

test.each([
  ['handshake', 'initialize', 'http_client', 'DELETE'],
  ['handshake', 'initialize', 'cursor', 'notifications/initialized'],
  ['probe of the newest era', 'server/discover', 'claude_code', 'server/discover'],
])(
  'a client at its %s when the run ends makes no further call, and leaves as its kind does: %s of %s',
  async (_, method, kind, last) => {
    const end = new TestEnd()
    const recorder = new MemoryRecorder()
    const fault = (seen: SeenRequest): Fault | undefined => {
      if (seen.method === method) end.begin()
      return seen.method === 'server/discover' ? { status: 400 } : undefined
    }
    await using server = await ScriptedServer.start({ fault })
    const client = create([echo('a')], server.url, { recorder }, kind)
    expect(await client.open(end)).toBe(false)
    expect(await client.open(end)).toBe(false)
    await client.iterate(systemClock.monotonicMs(), end)
    await client.close()
    expect(server.sequence.at(-1)).toBe(last)
    expect(recorder.codesOf('tools/call')).toEqual([])
  },
)

test('a client that still looks for metadata when the run ends does not begin its handshake', async () => {
  const end = new TestEnd()
  await using server = await ScriptedServer.start()
  const client = create([echo('a')], server.url, { recorder: new MemoryRecorder() }, 'codex')
  const opening = client.open(end)
  end.begin()
  expect(await opening).toBe(false)
  expect(server.counts.methods.get('initialize')).toBeUndefined()
})

test('a session that is lost at the end of the run is not opened again', async () => {
  const end = new TestEnd()
  const fault = ({ tool }: SeenRequest): Fault | undefined => (tool === '' ? undefined : (end.begin(), 'session-lost'))
  await using server = await ScriptedServer.start({ fault })
  const recorder = new MemoryRecorder()
  const client = create([echo('a'), echo('b')], server.url, { recorder })
  await client.open(end)
  await client.iterate(systemClock.monotonicMs(), end)
  await client.close()
  expect(recorder.codesOf('tools/call')).toEqual(['http.404'])
  expect(recorder.codesOf('initialize')).toHaveLength(1)
})

test('match and capture judge the answer, and what was captured feeds later steps', async () => {
  await using server = await ScriptedServer.start()
  const lines: string[] = []
  const flow = [
    echo('first', { capture: { json: '$.content[0].text', as: 'heard' } }),
    echo('{{ heard }}!', {
      match: [
        { json: '$.isError', value: false },
        { json: '$.content[0]', value: { text: 'first!', type: 'text' } },
      ],
    }),
    echo('x', { match: { json: '$.content[0].text', value: 'y' } }),
    echo('x', { capture: { json: '$.nothing', as: 'missing' } }),
    { log: 'heard {{ heard }}' },
  ]
  const recorder = await runClient(planFor(server.url, flow), { host: { log: (line) => lines.push(line) } })
  expect(recorder.codesOf('tools/call')).toEqual([undefined, undefined, 'match.failed', 'capture.failed'])
  expect(lines).toEqual(['heard first'])
})

test('every iteration takes the next row, and every client begins with its own', async () => {
  await using server = await ScriptedServer.start()
  const payloads = [
    {
      fields: ['sql', 'limit'],
      rows: [
        ['a', 1],
        ['b', 2.5],
        ['c', true],
      ],
      order: 'sequence' as const,
    },
  ]
  const flow = [{ callTool: { name: 'echo', arguments: { text: '{{ sql }}', limit: '{{ limit }}' } } }]
  await runClient(planFor(server.url, flow, {}, { payloads }), { iterations: 3, index: 1 })
  const taken = server.seen.filter(({ tool }) => tool !== '').map(({ params }) => params['arguments'])
  expect(taken).toEqual([
    { text: 'b', limit: 2.5 },
    { text: 'c', limit: true },
    { text: 'a', limit: 1 },
  ])
})

test('random rows and list variables repeat under the same seed', async () => {
  const texts: unknown[] = []
  for (let round = 0; round < 2; round++) {
    await using server = await ScriptedServer.start()
    const payloads = [{ fields: ['sql'], rows: [['a'], ['b'], ['c'], ['d']], order: 'random' as const }]
    const variables = { city: ['Bern', 'Rom', 'Oslo'], year: 2026 }
    await runClient(planFor(server.url, [echo('{{ sql }} {{ city }} {{ year }}')], {}, { payloads, variables }), {
      iterations: 8,
    })
    texts.push(server.seen.filter(({ tool }) => tool !== '').map(({ body }) => (JSON.parse(body) as { params: unknown }).params))
  }
  expect(texts[0]).toEqual(texts[1])
})

test('headers of the plan are sent with every request, rendered for each client [L4]', async () => {
  await using server = await ScriptedServer.start()
  const headers = { Authorization: 'Bearer {{ token }}', 'User-Agent': 'mine' }
  await runClient(planFor(server.url, [{ ping: {} }], { headers }, { variables: { token: 'secret' } }))
  expect(server.seen.every(({ headers }) => headers.authorization === 'Bearer secret' && headers['user-agent'] === 'mine')).toBe(
    true,
  )
})

test('calls belong to the phase in which they were due, and a series is looked up once for each [L7]', async () => {
  await using server = await ScriptedServer.start()
  const recorder = new MemoryRecorder()
  let phase = 'ramp'
  const [factory] = createClientFactories(planFor(server.url, [echo('a'), echo('a')]), {
    clock: systemClock,
    recorder,
    seed: 1,
    phaseAt: () => phase,
  })
  const client = factory?.create(0)
  await client?.open(never)
  for (phase of ['ramp', 'ramp', 'hold']) await client?.iterate(systemClock.monotonicMs(), never)
  await client?.close()
  expect(recorder.calls.filter(({ tool }) => tool === 'echo').map((call) => call.phase)).toEqual([
    'ramp',
    'ramp',
    'ramp',
    'ramp',
    'hold',
    'hold',
  ])
  expect(recorder.lookups).toBe(1 + 2 + 2)
})

test('a mix keeps its weights', async () => {
  await using server = await ScriptedServer.start()
  const flow = [{ loop: [{ mix: [{ weight: 3, ...(echo('a') as object) }, { ping: {} }] }], count: 400 }] as Json[]
  const recorder = await runClient(planFor(server.url, flow))
  const share = (recorder.methods.get('tools/call') ?? 0) / 400
  expect(share).toBeGreaterThan(0.68)
  expect(share).toBeLessThan(0.82)
})

test('a scenario that cannot be run is refused before any client exists', () => {
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1 }
  const refusal = (client: object, flow: readonly Json[] = [{ ping: {} }]): unknown => {
    try {
      return createClientFactories(planFor('http://127.0.0.1:1/mcp', flow, client), host)
    } catch (error) {
      return error
    }
  }
  expect(refusal({ clientKind: 'nobody' })).toMatchObject({ code: 'CLIENT_KIND_UNKNOWN' })
  // Plans travel as data; another version may know more.
  expect(refusal({ transport: 'pigeon' as 'sse' })).toMatchObject({ code: 'CLIENT_TRANSPORT_UNKNOWN' })
  expect(refusal({ protocolVersion: 'newest' })).toMatchObject({ code: 'CLIENT_TRANSPORT_UNKNOWN' })
  expect(refusal({}, [{ pong: {} }, { think: 'x' }])).toMatchObject({ code: 'CLIENT_FLOW_INVALID', problems: { length: 2 } })
})

test.each([
  ['an arrival', { type: 'open', phases: [] }, [echo('hi')], 1],
  [
    'a beat of a paced client',
    { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1 },
    [echo('hi'), { pace: 1 }],
    1,
  ],
  [
    'a client that owes nothing at any time',
    { type: 'closed', clients: 1, spawnRatePerSecond: 1, durationMs: 1 },
    [echo('hi')],
    0,
  ],
] as const)(
  '%s that the end of the run cuts before its first call left is told as a dropped start',
  async (_, model, flow, dropped) => {
    await using server = await ScriptedServer.start()
    const recorder = new MemoryRecorder()
    const [factory] = createClientFactories(planFor(server.url, flow, {}, { model }), { clock: systemClock, seed: 1, recorder })
    const client = factory?.create(0)
    expect(await client?.open({ ending: never.ending, cutting: AbortSignal.abort() })).toBe(false)
    await client?.close()
    expect(recorder.counters.get('droppedStarts') ?? 0).toBe(dropped)
    expect(recorder.calls).toEqual([])
    expect(server.seen).toEqual([])
  },
)
