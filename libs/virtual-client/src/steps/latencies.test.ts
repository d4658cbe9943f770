import { type Fault, ScriptedServer, type SeenRequest } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { createClientFactories, neverEnding } from '../index.ts'
import { MemoryRecorder } from '../test/memory-recorder.ts'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'

// Far beyond what an idle machine takes.
const patience = { timeout: 20_000 }

const versions = ['2025-11-25', '2026-07-28']

/** Two progress notifications, then the result. */
function workOnIt({ tool, id, params }: SeenRequest): Fault | undefined {
  const meta = params['_meta'] as { progressToken?: unknown } | undefined
  if (tool === '' || meta?.progressToken === undefined) return undefined
  const notice = { method: 'notifications/progress', params: { progressToken: meta.progressToken, progress: 1 } }
  const body = [notice, notice, { id, result: { content: [] } }]
    .map((message) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
    .join('')
  return { contentType: 'text/event-stream', body }
}

test.each(versions)(
  'a call that asks for progress records when it first heard of it, and each notification: %s',
  async (protocolVersion) => {
    await using server = await ScriptedServer.start({ fault: workOnIt })
    const flow = [{ callTool: { name: 'echo', progress: true } }, { callTool: { name: 'echo' } }]
    const recorder = await runClient(planFor(server.url, flow, { protocolVersion }))
    expect(recorder.codesOf('tools/call')).toEqual([undefined, undefined])
    expect(recorder.latencies.map(({ name }) => name).toSorted()).toEqual(['firstEvent', 'notification', 'notification'])
    expect(recorder.latencies.every(({ latencyMs }) => latencyMs >= 0)).toBe(true)
  },
)

test('a call that is cancelled as wanted tells the server, is no failure, and records how long that took [L7]', async () => {
  await using server = await ScriptedServer.start({ fault: ({ tool }) => (tool === '' ? undefined : 'hang') })
  const recorder = new MemoryRecorder()
  const plan = planFor(server.url, [
    { cancel: { name: 'echo', arguments: { text: '{{ $uuid }}' }, after: '20ms' } },
    { ping: {} },
  ])
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder, seed: 1 })
  const client = factory?.create(0)
  await client?.open(neverEnding)
  await client?.iterate(systemClock.monotonicMs(), neverEnding)
  await vi.waitFor(() => expect(recorder.latencies.map(({ name }) => name)).toEqual(['cancellation']), patience)
  await client?.close()
  expect(recorder.codesOf('tools/call')).toEqual([undefined])
  expect(recorder.codesOf('ping')).toEqual([undefined])
  expect(server.counts.toolCalls).toBe(1)
  const call = server.seen.find(({ tool }) => tool === 'echo')
  expect(server.seen.find(({ method }) => method === 'notifications/cancelled')?.params['requestId']).toBe(call?.id)
})

test('a call that is answered before it would be cancelled is one like any other', async () => {
  await using server = await ScriptedServer.start({ fault: ({ tool }) => (tool === 'nobody' ? { status: 503 } : undefined) })
  const flow = [
    { cancel: { name: 'echo', arguments: { text: 'x' }, after: 5, match: { text: 'x' } } },
    { cancel: { name: 'nobody', after: { min: 5, max: 6 } } },
  ]
  const recorder = await runClient(planFor(server.url, flow))
  expect(recorder.codesOf('tools/call')).toEqual([undefined, 'http.503'])
  expect(recorder.latencies).toEqual([])
})
