import { ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { runOneUser } from './test/engine-host.ts'

async function startServer(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(options)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

type Done = (error?: unknown) => void
type Vars = { vars: Record<string, unknown> }
interface Request {
  readonly name: string
  readonly expect: unknown
}
interface Response {
  readonly statusCode: number
  readonly body: string
  readonly timings: { readonly phases: { readonly total: number } }
}

const echo = (text: string, more: object = {}): object => ({ callTool: { name: 'echo', arguments: { text }, ...more } })

test('hooks see each call as a request with its answer, in order, and share their variables with the flow', async () => {
  const server = await startServer()
  const seen: unknown[] = []
  const processor = {
    begin: ({ vars }: Vars, _events: unknown, done: Done) => {
      vars['word'] = 'set before'
      done()
    },
    look: async ({ name, expect }: Request, { statusCode, body }: Response, { vars }: Vars) => {
      await Promise.resolve()
      seen.push([name, statusCode, expect, name === 'echo' ? (JSON.parse(body) as object) : {}, vars['said']])
      if (name === 'echo') vars['word'] = 'set after'
    },
    end: ({ vars }: Vars, _events: unknown, done: Done) => {
      seen.push(['end', vars['said']])
      done()
    },
  }
  const flow = [
    echo('{{ word }}', { expect: { statusCode: 200 }, capture: { json: '$.content[0].text', as: 'said' } }),
    echo('{{ word }}'),
  ]
  const { error, started } = await runOneUser(server.url, {
    flow,
    processor,
    beforeScenario: 'begin',
    afterResponse: ['look'],
    afterScenario: ['end'],
  })
  expect({ error, started }).toEqual({ error: null, started: 1 })
  expect(seen).toEqual([
    ['initialize', 200, [], {}, undefined],
    ['echo', 200, { statusCode: 200 }, { content: [{ type: 'text', text: 'set before' }] }, 'set before'],
    ['echo', 200, [], { content: [{ type: 'text', text: 'set after' }] }, 'set before'],
    ['end', 'set before'],
  ])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('boom')
    },
  ],
  [
    'throws what is no error',
    () => {
      throw 'boom'
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
  // oxlint-disable-next-line unicorn/no-thenable -- as older libraries make them
  ['has a promise of another make', () => ({ then: (_: unknown, fail: (error: Error) => void) => fail(new Error('boom')) })],
  ['says so to its callback', (...args: unknown[]) => (args.at(-1) as Done)(new Error('boom'))],
])('a hook that %s ends its own virtual user, is counted, and is told to onError', async (_, afterResponse) => {
  const server = await startServer()
  const told: unknown[] = []
  const onError = (error: Error, { name }: Request, ...rest: unknown[]): void => {
    told.push([error.message, name])
    ;(rest.at(-1) as Done)()
  }
  const { error, errors, started } = await runOneUser(server.url, {
    flow: [echo('one'), echo('two')],
    processor: { afterResponse, onError },
    afterResponse: ['afterResponse'],
    onError: ['onError'],
  })
  expect({ message: error?.message, errors, started }).toEqual({ message: 'boom', errors: ['boom'], started: 1 })
  expect(told).toEqual([['boom', 'initialize']])
  expect(server.counts.toolCalls).toBe(0)
  expect(server.endedSessions).toBe(1)
})

test('a failing beforeScenario keeps its user from opening a session, a failing afterScenario fails it afterwards', async () => {
  const server = await startServer()
  const processor = { fail: () => Promise.reject(Object.assign(new Error('no row left'), { code: 'NO_ROW' })) }
  const before = await runOneUser(server.url, { flow: [echo('x')], processor, beforeScenario: ['fail'] })
  expect(before).toMatchObject({ error: { message: 'no row left' }, errors: ['NO_ROW'] })
  expect(server.seen).toEqual([])
  const after = await runOneUser(server.url, { flow: [echo('x')], processor, afterScenario: ['fail'] })
  expect(after).toMatchObject({ error: { message: 'no row left' }, errors: ['NO_ROW'], counters: { 'mcp.tools.echo.calls': 1 } })
})

test('a hook that is never done is given up after the time a request may take', async () => {
  const server = await startServer()
  const { error, errors } = await runOneUser(server.url, {
    flow: [echo('x')],
    mcp: { timeout: '200ms' },
    processor: { stuck: () => new Promise(() => undefined) },
    afterResponse: ['stuck'],
  })
  expect(error?.message).toBe('stuck was not done after 0.2 s')
  expect(errors).toEqual(['ENGINE_HOOK_TIMEOUT'])
})

test('without an answer there is no response: onError hears the code', async () => {
  const server = await startServer({ fault: ({ tool }) => (tool === '' ? undefined : 'reset') })
  const heard: unknown[] = []
  const note =
    (name: string) =>
    (...args: unknown[]): void => {
      const request = args.find((arg) => typeof arg === 'object' && arg !== null && 'url' in arg)
      heard.push([name, (request as Request | undefined)?.name])
      ;(args.at(-1) as Done)()
    }
  const processor = { asked: note('asked'), answered: note('answered'), failed: note('failed') }
  const { error, errors } = await runOneUser(server.url, {
    flow: [echo('x')],
    processor,
    beforeRequest: ['asked'],
    afterResponse: ['answered'],
    onError: ['failed'],
  })
  // A failed call is counted; it does not fail the virtual user.
  expect({ error, errors }).toEqual({ error: null, errors: ['transport.reset'] })
  expect(heard).toEqual([
    ['asked', 'initialize'],
    ['answered', 'initialize'],
    ['asked', 'echo'],
    ['failed', 'echo'],
  ])
})

test.each([
  [{ status: 429 }, 429, { error: { code: 'http.429' } }],
  [{ rpcError: -32_602 }, 200, { error: { code: 'rpc.-32602' } }],
  ['is-error', 200, { isError: true }],
] as const)('a call answered with %j shows status %i and what went wrong', async (fault, statusCode, body) => {
  const server = await startServer({ fault: ({ tool }) => (tool === '' ? undefined : fault) })
  let shown: Response | undefined
  const look = ({ name }: Request, response: Response): Promise<void> => {
    if (name === 'echo') shown = response
    return Promise.resolve()
  }
  await runOneUser(server.url, { flow: [echo('x')], processor: { look }, afterResponse: ['look'] })
  expect(shown).toMatchObject({ statusCode })
  expect(JSON.parse(shown?.body ?? '')).toMatchObject(body)
  expect(shown?.timings.phases.total).toBeGreaterThanOrEqual(0)
})

test('a hook whose function does not exist is warned of and left out', async () => {
  const server = await startServer()
  const { error, counters } = await runOneUser(server.url, { flow: [echo('x')], afterResponse: ['nobody'] })
  expect(error).toBeNull()
  expect(counters).toMatchObject({ 'mcp.tools.echo.calls': 1 })
})

test.each([
  ['rejects', () => Promise.reject(Object.create(null))],
  ['says so to its callback', (...args: unknown[]) => (args.at(-1) as Done)(Object.create(null))],
])('a hook that %s with what has no text fails its virtual user like any other', async (_, own) => {
  const server = await startServer()
  const { error, errors } = await runOneUser(server.url, { flow: [echo('x')], processor: { own }, afterResponse: ['own'] })
  const text = 'something was thrown that has no text'
  expect([error?.message, errors]).toEqual([text, [text]])
})

test('what every object has is no hook', async () => {
  const server = await startServer()
  const { error, counters } = await runOneUser(server.url, { flow: [echo('x')], beforeScenario: ['constructor', 'toString'] })
  expect(error).toBeNull()
  expect(counters).toMatchObject({ 'mcp.tools.echo.calls': 1 })
})

test('an error is counted under its code, where that is a text', async () => {
  const server = await startServer()
  const processor = { own: () => Promise.reject(Object.assign(new Error('odd'), { code: { a: 1 } })) }
  const { errors } = await runOneUser(server.url, { flow: [echo('x')], processor, beforeScenario: ['own'] })
  expect(errors).toEqual(['odd'])
})
