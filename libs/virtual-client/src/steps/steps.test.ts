import { setTimeout as delay } from 'node:timers/promises'
import type { Json, LoadPlan } from '@squall/load-plan'
import { type Fault, ScriptedServer, type SeenRequest } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import { createClientFactories, neverEnding, type PackFunctions } from '../index.ts'
import { MemoryRecorder, type RecordedCall } from '../test/memory-recorder.ts'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'
import { TestEnd } from '../test/test-end.ts'

const echo = (text: Json, more: Record<string, Json> = {}): Json => ({ callTool: { name: 'echo', arguments: { text }, ...more } })
/** How long before it left a call was due. */
const lateMs = ({ responseMs, serviceMs }: RecordedCall): number => responseMs - serviceMs

const textOf = (params: SeenRequest['params']): unknown => (params['arguments'] as { text: unknown }).text
const textsOf = (server: ScriptedServer): readonly unknown[] =>
  server.seen.filter(({ tool }) => tool !== '').map(({ params }) => (params['arguments'] as { text: unknown }).text)

/** Walks a flow once against a server of its own. */
async function walk(
  flow: readonly Json[],
  {
    functions = {},
    plan = {},
    fault,
  }: { functions?: PackFunctions; plan?: Partial<LoadPlan>; fault?: (seen: SeenRequest) => Fault | undefined } = {},
): Promise<{
  texts: readonly unknown[]
  recorder: MemoryRecorder
  sequence: readonly string[]
  lines: readonly string[]
  seen: readonly SeenRequest[]
}> {
  await using server = await ScriptedServer.start(fault ? { fault } : {})
  const lines: string[] = []
  const host = { functions, log: (line: string) => lines.push(line) }
  const recorder = await runClient(planFor(server.url, flow, {}, plan), { host })
  const counted = new Map(
    [...recorder.methods].filter(([method]) => method !== 'function' && !method.startsWith('notifications/')),
  )
  expect(counted).toEqual(server.counts.methods)
  return { texts: textsOf(server), recorder, sequence: server.sequence, lines, seen: server.seen }
}

test('complete asks for the values of a prompt’s or a resource’s argument', async () => {
  const argument = { name: 'city', value: 'Be' }
  const flow = [
    { complete: { prompt: 'greet', argument, capture: { json: '$.completion.values[0]', as: 'city' } } },
    { complete: { resource: 'demo://{city}', argument } },
    echo('{{ city }}'),
  ]
  const { texts, seen } = await walk(flow)
  expect(texts).toEqual(['Bern'])
  const asked = seen.filter(({ method }) => method === 'completion/complete').map(({ params }) => params)
  expect(asked).toEqual([
    { ref: { type: 'ref/prompt', name: 'greet' }, argument },
    { ref: { type: 'ref/resource', uri: 'demo://{city}' }, argument },
  ])
})

test('subscribe and unsubscribe are requests in the legacy era', async () => {
  const { sequence, seen } = await walk([{ subscribe: { uri: 'demo://{{ id }}' } }, { unsubscribe: { uri: 'demo://1' } }], {
    plan: { variables: { id: 1 } },
  })
  expect(sequence.slice(2, 4)).toEqual(['resources/subscribe', 'resources/unsubscribe'])
  expect(seen[2]?.params).toEqual({ uri: 'demo://1' })
})

test('subscribe is part of the held stream in the newest era', async () => {
  await using server = await ScriptedServer.start()
  const flow = [{ subscribe: { uri: 'demo://1' } }, { ping: {} }]
  const recorder = await runClient(planFor(server.url, flow, { protocolVersion: '2026-07-28' }))
  expect(server.sequence).toContain('subscriptions/listen')
  expect(recorder.codesOf('resources/subscribe')).toEqual([])
})

test('notify tells the server something, and is recorded only where the server refuses it', async () => {
  const flow = [{ notify: { method: 'notifications/roots/list_changed', params: { a: '{{ x }}' } } }]
  const { recorder, seen } = await walk(flow, { plan: { variables: { x: 1 } } })
  expect(seen.find(({ method }) => method.includes('roots'))?.params).toEqual({ a: 1 })
  expect(recorder.calls.map(({ method }) => method)).toEqual(['initialize'])
  await using rude = await ScriptedServer.start({ noticeStatus: ({ method }) => (method.includes('roots') ? 500 : 202) })
  const refused = await runClient(planFor(rude.url, flow))
  expect(refused.codesOf('notifications/roots/list_changed')).toEqual(['http.500'])
})

test('parallel makes its calls at once, each on a socket of its own, within the limits of step and kind', async () => {
  for (const [limit, clientKind, most] of [
    [undefined, 'http_client', 6],
    [2, 'http_client', 2],
    [undefined, 'gemini', 4],
  ] as const) {
    let underWay = 0
    let peak = 0
    await using server = await ScriptedServer.start({
      delayMs: ({ tool }) => (tool === '' ? 0 : ((peak = Math.max(peak, ++underWay)), 300)),
      fault: ({ tool }) => void (tool === '' || underWay--),
    })
    const calls = Array.from({ length: 6 }, (_, index) => echo(index))
    const recorder = await runClient(
      planFor(server.url, [{ parallel: calls, ...(limit && { limit }) }, echo('after')], { clientKind }),
    )
    expect(peak).toBeLessThanOrEqual(most)
    expect(new Set(textsOf(server).slice(0, 6))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
    expect(textsOf(server).at(-1)).toBe('after')
    expect(recorder.codesOf('tools/call')).toHaveLength(7)
    const sockets = new Set(server.seen.filter(({ tool }) => tool !== '').map(({ connection }) => connection))
    expect(sockets.size).toBe(most)
  }
})

test('a session that is lost under parallel calls is opened again once', async () => {
  let left = 3
  const fault = ({ tool }: SeenRequest): Fault | undefined => (tool !== '' && left-- > 0 ? { status: 404 } : undefined)
  const { recorder } = await walk([{ parallel: [echo(1), echo(2), echo(3)] }, echo('after')], { fault })
  expect(recorder.codesOf('tools/call')).toEqual(['http.404', 'http.404', 'http.404', undefined])
  expect(recorder.codesOf('initialize')).toEqual([undefined, undefined])
})

test('while a session that was lost is made again, calls beside it wait for it, and are due once it is there', async () => {
  let handshakes = 0
  await using server = await ScriptedServer.start({
    fault: ({ tool, params }) => (tool !== '' && textOf(params) === 'lost' ? 'session-lost' : undefined),
    delayMs: ({ method, tool, params }) => {
      if (method === 'initialize') return handshakes++ === 0 ? 0 : 1_500
      return tool !== '' && textOf(params) === 'slow' ? 50 : 0
    },
  })
  const calls = [echo('lost'), echo('slow'), echo(1), echo(2), echo(3)]
  const recorder = await runClient(planFor(server.url, [{ parallel: calls, limit: 2 }]))
  const again = server.sequence.lastIndexOf('initialize')
  expect(server.sequence.slice(again, again + 3)).toEqual(['initialize', 'notifications/initialized', 'tools/call'])
  expect(new Set(textsOf(server))).toEqual(new Set([1, 2, 3, 'lost', 'slow']))
  const [, , ...later] = recorder.calls.filter(({ method }) => method === 'tools/call')
  expect(later.map(({ errorCode }) => errorCode)).toEqual([undefined, undefined, undefined])
  expect(Math.max(...later.map(lateMs))).toBeLessThan(1_200)
})

test.each(['chatgpt', 'claude_ai'])('each call of %s has a handshake of its own, also beside others', async (clientKind) => {
  let handshakes = 0
  await using server = await ScriptedServer.start({
    era: 'legacy',
    sessions: false,
    fault: ({ method }) => (method === 'initialize' && handshakes++ === 2 ? { status: 503 } : undefined),
    delayMs: ({ method }) => (method === 'initialize' && handshakes > 2 ? 30 : 0),
  })
  const flow = [{ parallel: [echo(1), echo(2), echo(3)] }, echo('after')]
  const recorder = await runClient(planFor(server.url, flow, { clientKind }))
  // One handshake opens the client, and one comes before each call; of the three side by side, one fails, and ends the iteration.
  expect(recorder.codesOf('initialize').filter((code) => code !== undefined)).toEqual(['http.503'])
  expect(recorder.codesOf('initialize')).toHaveLength(4)
  expect(recorder.codesOf('tools/call')).toEqual([undefined, undefined])
})

test('the handshake before a call is no part of what the call took, and what the client was late stays with the call', async () => {
  await using server = await ScriptedServer.start({
    era: 'legacy',
    sessions: false,
    delayMs: ({ method }) => (method === 'initialize' ? 300 : 0),
  })
  const recorder = new MemoryRecorder()
  const plan = planFor(server.url, [echo(1)], { clientKind: 'chatgpt' })
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder, seed: 1 })
  const client = factory?.create(0)
  await client?.open(neverEnding)
  await client?.iterate(systemClock.monotonicMs(), neverEnding)
  await client?.iterate(systemClock.monotonicMs() - 1_000, neverEnding)
  await client?.close()
  const [punctual, late] = recorder.calls.filter(({ tool }) => tool === 'echo').map(lateMs)
  expect(punctual).toBeLessThan(200)
  expect(late).toBeGreaterThanOrEqual(1_000)
  expect(late).toBeLessThan(1_200)
})

test('a name from chance is drawn once, whether it stands in the parameters, in a header or among the numbers', async () => {
  await using server = await ScriptedServer.start()
  const flow = [
    { callTool: { name: 'tool-{{ $uuid }}', arguments: { text: 'x' } } },
    { cancel: { name: 'tool-{{ $uuid }}', after: '5s' } },
    { readResource: { uri: 'demo://{{ $uuid }}' } },
    { getPrompt: { name: '{{ $uuid }}' } },
  ]
  const recorder = await runClient(planFor(server.url, flow, { protocolVersion: '2026-07-28' }))
  const asked = server.seen.filter(({ headers }) => headers['mcp-name'] !== undefined)
  const names = asked.map(({ params }) => params['name'] ?? params['uri'])
  expect(new Set(names).size).toBe(4)
  expect(asked.map(({ headers }) => headers['mcp-name'])).toEqual(names)
  expect(recorder.calls.map(({ tool }) => tool).filter((tool) => tool !== '')).toEqual(names.slice(0, 2))
  expect(asked[0]?.params).toMatchObject({ arguments: { text: 'x' } })
})

test.each<[string, Json, readonly unknown[]]>([
  ['a condition that holds', { ifTrue: 'page < 10 and city == "Bern"', steps: [echo('yes')], else: [echo('no')] }, ['yes']],
  ['a condition that does not', { ifTrue: 'page > 10', steps: [echo('yes')], else: [echo('no')] }, ['no']],
  ['nothing else to do', { ifTrue: 'not page', steps: [echo('yes')] }, []],
  ['a part of a variable', { ifTrue: 'user.isAdmin == true', steps: [echo('yes')] }, ['yes']],
  ['a variable that is not there', { ifTrue: 'nosuch', steps: [echo('yes')], else: [echo('no')] }, ['no']],
  ['a key of a call, as in Artillery', { callTool: { name: 'echo', arguments: { text: 'yes' }, ifTrue: 'page == 7' } }, ['yes']],
  ['a key of a call that does not hold', { callTool: { name: 'echo', ifTrue: 'page == 8' } }, []],
  ['a function of the processor', { ifTrue: 'isOdd', steps: [echo('odd')], else: [echo('even')] }, ['odd']],
  ['a function that throws does not keep the step from running', { ifTrue: 'fails', steps: [echo('yes')] }, ['yes']],
])('ifTrue with %s', async (_, step, expected) => {
  const functions = {
    // As Artillery calls them.
    isOdd: (variables: unknown) => (variables as { page: number }).page % 2 === 1,
    fails: () => {
      throw new Error('no')
    },
  }
  const { texts } = await walk([step], { functions, plan: { variables: { page: 7, city: 'Bern', user: { isAdmin: true } } } })
  expect(texts).toEqual(expected)
})

test.each<[string, Record<string, Json>, readonly unknown[]]>([
  ['a count', { count: 3 }, ['0 ', '1 ', '2 ']],
  ['a range', { count: '2-4' }, ['2 ', '3 ']],
  ['a template', { count: '{{ n }}' }, ['0 ', '1 ']],
  ['a template that is no number', { count: '{{ city }}' }, []],
  ['a list', { over: ['a', { b: 1 }] }, ['0 a', '1 {"b":1}']],
  ['a list in a variable', { over: 'cities' }, ['0 Bern', '1 Rom']],
  ['a variable that holds none', { over: 'n' }, []],
  ['a condition, after the first round', { whileTrue: '$loopCount < 2' }, ['0 ', '1 ', '2 ']],
  ['a function', { whileTrue: 'never' }, ['0 ']],
])('loop with %s', async (_, keys, expected) => {
  const functions = {
    never: () => false,
    cities: (context: unknown) => void ((context as { vars: Record<string, Json> }).vars['cities'] = ['Bern', 'Rom']),
  }
  const flow = [{ function: 'cities' }, { loop: [echo('{{ $loopCount }} {{ $loopElement }}')], ...keys }]
  const { texts } = await walk(flow, { functions, plan: { variables: { n: 2, city: 'Bern' } } })
  expect(texts).toEqual(expected)
})

test('loops within loops keep their own counts, under names of their own', async () => {
  const inner = { loop: [echo('{{ $loopCount }}.{{ row }}')], count: 2, loopValue: 'row' }
  const { texts } = await walk([{ loop: [inner, { loop: [{ log: 'x' }], count: 5 }, echo('{{ $loopCount }}')], count: 2 }])
  expect(texts).toEqual(['0.0', '0.1', 0, '1.0', '1.1', 1])
})

test('a loop that waits for nothing leaves everybody else their turn, and ends with the run', async () => {
  await using server = await ScriptedServer.start()
  const end = new TestEnd()
  let rounds = 0
  const functions = { count: () => void rounds++ }
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1, functions }
  const [factory] = createClientFactories(planFor(server.url, [{ loop: [{ function: 'count' }], count: -1 }]), host)
  const client = factory?.create(0)
  await client?.open(end)
  setImmediate(() => setImmediate(() => end.begin()))
  await client?.iterate(systemClock.monotonicMs(), end)
  await client?.close()
  // How many go in one turn is bounded by time as well: a busy machine may let few.
  expect(rounds).toBeGreaterThan(1)
})

test('match and capture behind a call are part of it: the call counts once, as what they found', async () => {
  const flow = [
    echo('a-17'),
    { match: { text: 'a-' } },
    { capture: { regexp: 'a-(\\d+)', group: 1, as: 'number' } },
    { match: { json: '$.content[0].text', value: 'a-{{ number }}' } },
    { mix: [echo('b')] },
    { match: { regexp: '^c$' } },
    { ifTrue: 'number == 17', steps: [{ log: 'x' }, echo('d')] },
    {
      match: [
        { text: 'nothing', strict: false },
        { regexp: '^(?<letter>D)$', flags: 'i', group: 'letter', value: 'd' },
      ],
    },
    { capture: { regexp: 'zzz', as: 'none', strict: false } },
    echo('{{ number }}'),
    { capture: { json: '$.nothing', as: 'none' } },
  ]
  const { recorder, texts } = await walk(flow)
  expect(texts).toEqual(['a-17', 'b', 'd', '17'])
  expect(recorder.codesOf('tools/call')).toEqual([undefined, 'match.failed', undefined, 'capture.failed'])
})

test('a function reads and sets variables, calls tools, draws and logs', async () => {
  const random: number[] = []
  const functions: PackFunctions = {
    prepare: async ({ variables, call, random: draw, log, signal }) => {
      random.push(draw())
      const { result } = await call('echo', { text: 'first' })
      variables['heard'] = (result as { content: [{ text: string }] }).content[0].text
      expect((await call('nobody')).result).toBeUndefined()
      log(`heard ${String(signal.aborted)}`)
    },
    set: ({ vars }) => void (vars['more'] = '!'),
  }
  const { texts, lines, recorder } = await walk([{ function: 'prepare' }, { function: 'set' }, echo('{{ heard }}{{ more }}')], {
    functions,
  })
  expect(texts).toEqual(['first', undefined, 'first!'])
  expect(lines).toEqual(['heard false'])
  expect(recorder.codesOf('tools/call')).toEqual([undefined, 'tool.is_error', undefined])
  await walk([{ function: 'prepare' }], { functions })
  expect(random[0]).toBe(random[1])
})

test('what a function does itself is no part of the response times of its calls, nor of the next one', async () => {
  const functions: PackFunctions = {
    own: async ({ call }) => {
      await delay(900)
      await Promise.all([call('echo', { text: 1 }), call('echo', { text: 2 })])
      await delay(900)
    },
    // Blocking is a way to spend time, too.
    busy: () => {
      for (const untilMs = performance.now() + 900; performance.now() < untilMs;);
    },
  }
  await using server = await ScriptedServer.start()
  const recorder = new MemoryRecorder()
  const plan = planFor(server.url, [{ function: 'own' }, echo(3), { function: 'busy' }, echo(4)])
  const [factory] = createClientFactories(plan, { clock: systemClock, recorder, seed: 1, functions })
  const client = factory?.create(0)
  await client?.open(neverEnding)
  await client?.iterate(systemClock.monotonicMs(), neverEnding)
  // A client that comes late shows it in its first calls, whoever makes them.
  await client?.iterate(systemClock.monotonicMs() - 1_000, neverEnding)
  await client?.close()
  const lateness = recorder.calls.filter(({ tool }) => tool === 'echo').map(lateMs)
  expect(lateness).toHaveLength(8)
  for (const [index, ms] of lateness.entries()) {
    const isLate = index === 4 || index === 5
    expect(ms, `call ${index}`).toBeGreaterThanOrEqual(isLate ? 1_000 : 0)
    expect(ms, `call ${index}`).toBeLessThan(isLate ? 1_800 : 800)
  }
})

test.each<[string, PackFunctions[string]]>([
  [
    'throws',
    () => {
      throw new Error('no luck')
    },
  ],
  [
    'rejects',
    async () => {
      await Promise.resolve()
      throw new Error('no luck')
    },
  ],
  // What is thrown need be no error.
  ['rejects with anything', () => Promise.reject('no luck')],
])('a function that %s is a named outcome, and ends the iteration', async (_, own) => {
  const { texts, recorder, lines } = await walk([echo('before'), { function: 'own' }, echo('after')], { functions: { own } })
  expect(texts).toEqual(['before'])
  expect(recorder.codesOf('function')).toEqual(['function.failed'])
  expect(lines).toEqual(['one: the function own failed: no luck'])
})

test('a function that throws beside others ends the iteration for all of them', async () => {
  const functions = {
    fail: () => {
      throw new Error('no luck')
    },
  }
  const { texts, recorder } = await walk([{ parallel: [{ function: 'fail' }, echo('beside')] }, echo('after')], { functions })
  expect(texts).not.toContain('after')
  expect(recorder.codesOf('function')).toEqual(['function.failed'])
})

test('functions that do not exist are refused before any client is made, with the nearest name', () => {
  const flow = [
    { loop: [{ function: 'prepar' }], count: 1 },
    { function: 'x' },
    { callTool: { name: 'a', arguments: { function: 'b' } } },
  ]
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1, functions: { prepare: () => undefined } }
  expect(() => createClientFactories(planFor('http://127.0.0.1:1/mcp', flow), host)).toThrow(
    expect.objectContaining({
      code: 'CLIENT_FUNCTION_UNKNOWN',
      problems: [
        {
          where: 'flow[0].loop[0].function',
          value: 'prepar',
          expected: 'one of the functions prepare',
          hint: 'did you mean prepare?',
        },
        { where: 'flow[1].function', value: 'x', expected: 'one of the functions prepare' },
      ],
    }),
  )
})

test('reconnect breaks the stream and asks for it again', async () => {
  await using server = await ScriptedServer.start()
  await runClient(planFor(server.url, [{ reconnect: {} }, { ping: {} }], { lifeCycles: [{ weight: 1, holdsStream: true }] }))
  expect(server.sequence.filter((entry) => entry === 'GET')).toHaveLength(2)
})

test('steps that wait for nothing promise nothing', async () => {
  await using server = await ScriptedServer.start()
  const lines: string[] = []
  const host = { clock: systemClock, recorder: new MemoryRecorder(), seed: 1, log: (line: string) => lines.push(line) }
  const steps = [
    { log: '1' },
    { mix: [{ log: '2' }] },
    { ifTrue: '1', steps: [{ log: '3' }] },
    { loop: [{ log: '4' }], count: 2 },
  ]
  const [factory] = createClientFactories(planFor(server.url, steps), host)
  const client = factory?.create(0)
  await client?.open(neverEnding)
  const walk = client?.iterate(systemClock.monotonicMs(), neverEnding)
  // Everything ran before anybody waited.
  expect(lines).toEqual(['1', '2', '3', '4', '4'])
  await walk
  await client?.close()
})
