import { ScriptedServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import { createClientFactories, neverEnding, type ObservedCall } from './index.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'

const echo = (text: string, more: object = {}): { callTool: { name: string; arguments: { text: string } } } => ({
  callTool: { name: 'echo', arguments: { text }, ...more },
})

test('an observer hears of every call with its request, its outcome and what the step expects, and holds the client meanwhile', async () => {
  await using server = await ScriptedServer.start()
  const flow = [echo('a', { expect: [{ statusCode: 200 }], match: { json: '$.isError', value: true } }), echo('b')]
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1 }
  const [factory] = createClientFactories(planFor(server.url, flow), host)
  const heard: ObservedCall[] = []
  let seenBefore: readonly string[] = []
  const client = factory?.create(0, undefined, {
    callEnded: async (call) => {
      heard.push(call)
      await Promise.resolve()
      if (call.expect !== undefined) seenBefore = server.sequence
    },
  })
  await client?.open(neverEnding)
  await client?.iterate(systemClock.monotonicMs(), neverEnding)
  await client?.close()
  expect(heard.map(({ request, errorCode, expect }) => [request.method, request.name, errorCode, expect])).toEqual([
    ['initialize', undefined, undefined, undefined],
    ['tools/call', 'echo', 'match.failed', [{ statusCode: 200 }]],
    ['tools/call', 'echo', undefined, undefined],
  ])
  expect(heard[2]?.outcome).toMatchObject({ ok: true, result: { content: [{ text: 'b' }] } })
  expect(seenBefore.filter((method) => method === 'tools/call')).toHaveLength(1)
})

test('what an observer throws ends the walk of its client, and nothing else', async () => {
  await using server = await ScriptedServer.start()
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1 }
  const [factory] = createClientFactories(planFor(server.url, [echo('a')]), host)
  const client = factory?.create(0, undefined, {
    callEnded: ({ request }) => {
      if (request.method === 'tools/call') throw new TypeError('a defect')
      return undefined
    },
  })
  await client?.open(neverEnding)
  const walk = Promise.resolve(client?.iterate(systemClock.monotonicMs(), neverEnding))
  await expect(walk).rejects.toThrow('a defect')
  await client?.close()
})
