// Answers nested so deep that a recursion over them overflows: parsing takes them, and so must everything behind it.
import type { Json } from '@squall/load-plan'
import { FailureSamples } from '@squall/mcp-wire'
import { ScriptedServer } from '@squall/testing'
import { expect, test } from 'vitest'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'

const levels = 100_000
const deep = '['.repeat(levels) + ']'.repeat(levels)
const deepSchema = '{"properties":{"a":'.repeat(levels) + '{}' + '}}'.repeat(levels)
const form = `{"method":"elicitation/create","params":{"requestedSchema":{"properties":{"a":{"default":${deep}}}}}}`

const call = (more: Record<string, Json> = {}): Json => ({ callTool: { name: 'echo', ...more } })
const legacy = '2025-11-25'
const modern = '2026-07-28'

test.each<[string, string, Json, string, string | undefined]>([
  ['an error of a tool', `{"isError":true,"content":[],"data":${deep}}`, call(), legacy, 'tool.is_error'],
  ['a type', `{"resultType":${deep},"content":[]}`, call(), legacy, 'protocol.bad_reply'],
  ['a tool', `{"content":[],"data":${deep}}`, call({ match: { text: 'x' } }), legacy, 'match.failed'],
  ['a wanted place', `{"content":[],"data":${deep}}`, call({ match: { json: '$.data', value: [[1]] } }), legacy, 'match.failed'],
  [
    'a list',
    `{"tools":[{"name":"a","inputSchema":${deepSchema}}]}`,
    { listTools: { match: { text: 'x' } } },
    legacy,
    'match.failed',
  ],
  ['a list with headers', `{"tools":[{"name":"a","inputSchema":${deepSchema}}]}`, { listTools: {} }, modern, undefined],
  ['a question', `{"resultType":"input_required","inputRequests":{"a":${form}}}`, call(), modern, 'tool.input_required'],
])('%s nested deep has the outcome of its own, and the next call is none the worse', async (_, result, step, version, code) => {
  let isFirst = true
  await using server = await ScriptedServer.start({
    fault: ({ id, method }) => {
      if (method === 'initialize' || !isFirst) return undefined
      isFirst = false
      return { body: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`, contentType: 'application/json' }
    },
  })
  const samples = new FailureSamples()
  const plan = planFor(server.url, [step, call({ arguments: { text: 'after' } })], {
    protocolVersion: version,
    answers: { elicitation: { action: 'accept' } },
  })
  const recorder = await runClient(plan, { host: { samples } })
  expect(recorder.calls.slice(-2).map(({ errorCode }) => errorCode)).toEqual([code, undefined])
  expect(samples.all.map((sample) => sample.code)).toEqual(code === undefined ? [] : [code])
})
