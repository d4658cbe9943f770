// What functions of a user's own may do that nobody meant them to.
import type { Json } from '@squall/load-plan'
import { ScriptedServer } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import { createClientFactories, type PackFunctions } from '../index.ts'
import { MemoryRecorder } from '../test/memory-recorder.ts'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'

const echo = (text: Json, more: Record<string, Json> = {}): Json => ({
  callTool: { name: 'echo', arguments: { text }, ...more },
})

interface Walked {
  readonly texts: readonly unknown[]
  readonly failures: readonly string[]
  readonly lines: readonly string[]
  readonly endedSessions: number
}

/** Walks a flow twice against a server of its own; a call may take 300 ms unless told, and a slow one takes 40 % of that. */
async function walkTwice(
  flow: readonly Json[],
  functions: PackFunctions,
  headers: Readonly<Record<string, string>> = {},
  requestTimeoutMs = 300,
): Promise<Walked> {
  await using server = await ScriptedServer.start({
    delayMs: ({ params }) => (JSON.stringify(params).includes('slow') ? 0.4 * requestTimeoutMs : 0),
  })
  const lines: string[] = []
  const plan = planFor(server.url, flow, { headers }, { requestTimeoutMs })
  const recorder = await runClient(plan, { iterations: 2, host: { functions, log: (line) => lines.push(line) } })
  const calls = server.seen.filter(({ tool }) => tool !== '')
  return {
    texts: calls.map(({ params }) => (params['arguments'] as { text: unknown }).text),
    failures: recorder.calls.flatMap(({ errorCode }) => errorCode ?? []),
    lines,
    endedSessions: server.endedSessions,
  }
}

const never = (): Promise<never> => new Promise(() => undefined)

test('a function that is never done has failed after the time a call may take, and the client goes on', async () => {
  const { texts, failures, lines, endedSessions } = await walkTwice([echo('before'), { function: 'own' }, echo('after')], {
    own: never,
  })
  expect(texts).toEqual(['before', 'before'])
  expect(failures).toEqual(['function.failed', 'function.failed'])
  expect(lines).toEqual(['one: the function own failed: it was not done after 0.3 s without a call (config.mcp.timeout)'])
  expect(endedSessions).toBe(1)
})

const callsThrice: PackFunctions[string] = async ({ call }) => {
  for (let left = 3; left > 0; left--) await call('echo', { text: 'slow' })
}

test('a function may take as long as its calls take, each of which has its own time', async () => {
  const { texts, failures } = await walkTwice([{ function: 'own' }], { own: callsThrice }, {}, 1_000)
  expect([texts, failures]).toEqual([Array.from({ length: 6 }, () => 'slow'), []])
})

test('what a function does after it has failed changes nothing any more', async () => {
  const { texts, failures } = await walkTwice([{ function: 'own' }, echo('after')], {
    own: async ({ call, vars }) => {
      await new Promise((resolve) => setTimeout(resolve, 450))
      await call('echo', { text: 'too late' })
      vars['late'] = 1
      throw new Error('too late')
    },
  })
  expect([texts, failures]).toEqual([[], ['function.failed', 'function.failed']])
})

const circle: Record<string, unknown> = {}
circle['self'] = circle
// None of these is JSON, which functions in JavaScript are not kept from setting.
const noJson: readonly (readonly [string, unknown, string])[] = [
  ['a BigInt', 10n, 'Do not know how to serialize a BigInt'],
  ['a circle', circle, 'Converting circular structure to JSON'],
  ['a function', () => 1, 'it holds a function'],
  ['a symbol', Symbol('x'), 'it holds a symbol'],
]

test.each(noJson)(
  '%s among the variables is sent nowhere: it is told by name, and fails the iteration',
  async (_, value, reason) => {
    const functions: PackFunctions = { own: ({ vars }) => void (vars['a'] = value as Json) }
    const told = [`one: a variable cannot be sent: {{ a }} is no JSON: ${reason}`]
    const whole = await walkTwice([{ function: 'own' }, echo('{{ a }}'), echo('after')], functions)
    expect(whole).toEqual({ texts: [], failures: ['function.failed', 'function.failed'], lines: told, endedSessions: 1 })
    const paced = await walkTwice([{ function: 'own' }, { pace: 0 }, { loop: [echo('{{ a }}')], count: 2 }], functions)
    expect(paced).toEqual(whole)
    const waited = await walkTwice(
      [echo('x'), { function: 'own' }, { parallel: [echo('{{ a }}'), echo('y')] }, echo('z')],
      functions,
    )
    expect([waited.failures, waited.lines, waited.texts.includes('z')]).toEqual([whole.failures, told, false])
  },
)

test('what no header may hold opens no session, and its value is not shown', async () => {
  const functions: PackFunctions = { own: ({ vars }) => void (vars['token'] = 'hunter2\r\nx: y') }
  const flow = [{ function: 'own' }, { initialize: {} }, echo('after')]
  const { texts, lines } = await walkTwice(flow, functions, { authorization: 'Bearer {{ token }}' })
  expect(texts).toEqual([])
  expect(lines).toEqual(['one: a variable cannot be sent: the header authorization has characters that no header may have'])
})

test.each([
  ['nothing', () => Promise.reject(undefined), 'undefined'],
  ['what has no text', () => Promise.reject(Object.create(null)), 'something was thrown that has no text'],
  [
    'a symbol',
    () => {
      throw Symbol('x')
    },
    'Symbol(x)',
  ],
])('a function that throws %s has failed like any other', async (_, own, text) => {
  const { failures, lines } = await walkTwice([{ function: 'own' }], { own })
  expect([failures, lines]).toEqual([['function.failed', 'function.failed'], [`one: the function own failed: ${text}`]])
})

test('a condition does not wait: one that promises holds, and that its promise is broken harms nobody', async () => {
  // Not async by its kind, which is refused beforehand.
  const functions = { own: () => Promise.reject(new Error('nobody listens')) }
  const { texts, failures } = await walkTwice([echo('a', { ifTrue: 'own' })], functions)
  await new Promise((resolve) => setImmediate(resolve))
  expect([texts, failures]).toEqual([['a', 'a'], []])
})

test('an async function is refused as a condition, and so is a function that does not exist, wherever it stands', () => {
  const flow: Json[] = [
    { mix: [{ weight: 3, function: 'nobody' }] },
    echo('a', { ifTrue: 'later' }),
    { loop: [echo('b', { match: { json: '$.x', value: { function: 'data' } } })], whileTrue: 'later' },
  ]
  const functions = { later: async () => false, now: () => true }
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1, functions }
  const expected = 'a function that answers at once: a condition does not wait, and a promise would always be true'
  expect(() => createClientFactories(planFor('http://127.0.0.1:1/mcp', flow), host)).toThrow(
    expect.objectContaining({
      problems: [
        { where: 'flow[0].mix[0].function', value: 'nobody', expected: 'one of the functions later, now' },
        { where: 'flow[1].callTool.ifTrue', value: 'later', expected },
        { where: 'flow[2].whileTrue', value: 'later', expected },
      ],
    }),
  )
})

test('what every object has is neither a variable nor a function', async () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  const texts = names.flatMap((name) => [`{{ ${name} }}`, `x{{ ${name} }}`, `{{ ${name}.name }}`])
  const walked = await walkTwice([...texts.map((text) => echo(text)), echo('never', { ifTrue: 'constructor' })], {})
  const once = names.flatMap(() => [null, 'x', null])
  expect(walked.texts).toEqual([...once, ...once])
  expect(walked.failures).toEqual([])
})
