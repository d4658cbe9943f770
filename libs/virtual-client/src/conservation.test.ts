import { type Fault, RecordingProxy, ScriptedServer, type SeenRequest } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { createClientFactories, neverEnding } from './index.ts'
import { clientKinds } from './kinds/client-kinds.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'
import { TestEnd } from './test/test-end.ts'

const flow = [
  { listTools: {} },
  {
    mix: [
      { weight: 3, callTool: { name: 'echo', arguments: { text: '{{ $uuid }}' } } },
      { weight: 1, callTool: { name: 'nobody' } },
      { weight: 1, loop: [{ ping: {} }, { readResource: { uri: 'demo://one' } }], count: 2 },
    ],
  },
]

/** Every seventh tool call goes wrong, each time in another way that reaches the server. */
const faults: readonly Fault[] = ['is-error', 'wrong-id', 'reset', 'cut', 'not-json', { status: 503 }, { rpcError: -32_602 }]
function faultyNow({ tool }: SeenRequest): Fault | undefined {
  return tool !== '' && turn++ % 7 === 0 ? faults[((turn / 7) % faults.length) | 0] : undefined
}
let turn = 0

test.each(['json', 'sse'] as const)(
  'what clients of all kinds recorded is what the target and a proxy in between counted, to the call: %s',
  async (replies) => {
    await using server = await ScriptedServer.start({ replies, fault: faultyNow })
    await using proxy = await RecordingProxy.start(server.url)
    const recorder = new MemoryRecorder()
    const host = { clock: systemClock, recorder, seed: 1 }
    const clients = clientKinds.flatMap(({ name: clientKind }) =>
      createClientFactories(planFor(proxy.url, flow, { clientKind }), host).map((factory, index) => factory.create(index)),
    )
    await Promise.all(
      clients.map(async (client) => {
        expect(await client.open(neverEnding)).toBe(true)
        for (let iteration = 0; iteration < 20; iteration++) await client.iterate(systemClock.monotonicMs(), neverEnding)
        await client.close()
      }),
    )
    const counted = new Map([...server.counts.methods].filter(([method]) => method !== 'subscriptions/listen'))
    expect(recorder.methods).toEqual(counted)
    expect(proxy.counts).toEqual(server.counts)
    expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined).length).toBeGreaterThan(10)
    expect(proxy.sessions.size).toBe(recorder.counters.get('sessionsOpened'))
  },
)

test('calls cut by the end of the run are recorded as stopped, and are those the target saw without an answer', async () => {
  await using server = await ScriptedServer.start({ fault: ({ tool }) => (tool === '' ? undefined : 'hang') })
  const recorder = new MemoryRecorder()
  const end = new TestEnd()
  const plan = planFor(server.url, [{ callTool: { name: 'echo' } }, { ping: {} }])
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder, seed: 1 })
  const clients = Array.from({ length: 10 }, (_, index) => factory?.create(index))
  const walks = clients.map(async (client) => {
    await client?.open(end)
    await client?.iterate(systemClock.monotonicMs(), end)
    await client?.close()
  })
  await vi.waitFor(() => expect(server.counts.toolCalls).toBe(10))
  end.cut()
  await Promise.all(walks)
  expect(recorder.codesOf('tools/call')).toEqual(Array.from({ length: 10 }, () => 'stopped'))
  expect(recorder.methods).toEqual(server.counts.methods)
  expect(server.endedSessions).toBe(10)
  // That they were given up is told to the server, and counted, too.
  expect(server.seen.filter(({ method }) => method === 'notifications/cancelled')).toHaveLength(10)
  expect(recorder.counters.get('bytesSent')).toBe(server.seen.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0))
})

test('bytes are those of the messages, as a proxy in between read them, in all sessions of a client', async () => {
  await using server = await ScriptedServer.start({ pushStream: false })
  await using proxy = await RecordingProxy.start(server.url)
  const plan = planFor(proxy.url, [{ callTool: { name: 'echo', arguments: { text: 'ä€' } } }], {
    lifeCycles: [{ weight: 1, sessionIterations: 2 }],
  })
  const recorder = await runClient(plan, { iterations: 5 })
  expect(recorder.counters.get('sessionsOpened')).toBe(3)
  expect(recorder.counters.get('bytesSent')).toBe(proxy.bytesFromClients)
  expect(recorder.counters.get('bytesReceived')).toBe(proxy.bytesToClients)
})
