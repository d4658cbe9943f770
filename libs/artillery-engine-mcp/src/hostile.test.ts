import { ScriptedServer, type Fault, type SeenRequest } from '@squall/testing'
import { expect, test } from 'vitest'
import { longestMs, runArtillery } from './test/artillery-run.ts'
import { runOneUser } from './test/engine-host.ts'

/** Answers as the name of the tool says. */
const faults: Readonly<Record<string, Fault>> = {
  hang: 'hang',
  reset: 'reset',
  cut: 'cut',
  garbage: 'not-json',
  stranger: 'wrong-id',
  overload: { status: 503 },
}
const faultOf = ({ tool }: SeenRequest): Fault | undefined => faults[tool]
const processor = `
module.exports = {
  throwOutright() { throw new Error('thrown outright') },
  async reject() { throw new Error('rejected') },
  later(_context, _events, done) { setTimeout(() => done(new Error('said later')), 5) },
}
`

test(
  'whatever a server answers and a processor throws, Artillery ends with a whole report',
  async () => {
    await using server = await ScriptedServer.start({ fault: faultOf, hangOnDelete: true })
    const { code, printed, counters } = await runArtillery(
      {
        config: {
          target: server.url,
          engines: { mcp: {} },
          mcp: { timeout: '500ms' },
          processor: './processor.cjs',
          phases: [{ duration: 1, arrivalRate: 16 }],
        },
        // Equal weights: Artillery draws among them, so only sums are certain.
        scenarios: [
          ...Object.keys(faults).map((name) => ({ name, engine: 'mcp', flow: [{ callTool: { name } }] })),
          ...['throwOutright', 'reject', 'later'].map((name) => ({
            name,
            engine: 'mcp',
            beforeScenario: [name],
            flow: [{ callTool: { name: 'echo' } }],
          })),
          { name: 'bad flow', engine: 'mcp', flow: [{ calTool: { name: 'echo' } }] },
        ],
      },
      { 'processor.cjs': processor },
    )
    expect(code, printed).toBe(2)
    expect(printed).toContain('did you mean callTool?')
    expect(counters['vusers.created']).toBe(16)
    expect((counters['vusers.completed'] ?? 0) + (counters['vusers.failed'] ?? 0)).toBe(16)
    const failedWith = (name: string): number => counters[`vusers.created_by_name.${name}`] ?? 0
    expect(counters['errors.thrown outright'] ?? 0).toBe(failedWith('throwOutright'))
    expect(counters['errors.rejected'] ?? 0).toBe(failedWith('reject'))
    expect(counters['errors.said later'] ?? 0).toBe(failedWith('later'))
    expect(counters['errors.PACK_INVALID'] ?? 0).toBe(failedWith('bad flow'))
    for (const tool of Object.keys(faults)) expect(counters[`mcp.tools.${tool}.failed`] ?? 0, tool).toBe(failedWith(tool))
  },
  longestMs,
)

test.each(Object.entries(faults))(
  '%s: the virtual user starts once, counts its failed call, and calls back once',
  async (tool) => {
    await using server = await ScriptedServer.start({ fault: faultOf })
    const { started, counters, error } = await runOneUser(server.url, {
      flow: [{ callTool: { name: tool } }],
      mcp: { timeout: '1s' },
    })
    expect({ started, error }).toEqual({ started: 1, error: null })
    expect(counters).toMatchObject({ [`mcp.tools.${tool}.calls`]: 1, [`mcp.tools.${tool}.failed`]: 1 })
  },
)

test.each([
  ['a target that is no URL', 'not a url', 1],
  ['no target', '', 1],
  ['a target where nobody listens', 'http://127.0.0.1:1/mcp', 1],
])('%s fails the virtual user, and nothing is thrown', async (_, target, started) => {
  const run = await runOneUser(target, { flow: [{ ping: {} }] })
  expect(run.started).toBe(started)
  expect(run.error).toBeInstanceOf(Error)
})

test('mistakes of a flow are told all at once, and fail every virtual user', async () => {
  await using server = await ScriptedServer.start()
  const run = await runOneUser(server.url, { flow: [{ calTool: { name: 'echo' } }, { think: -1 }] })
  expect(run).toMatchObject({ started: 1, errors: ['PACK_INVALID'] })
  expect(run.error).toMatchObject({ problems: [{ hint: 'did you mean callTool?' }, { value: -1 }] })
  expect(server.seen).toEqual([])
})

test('a function that is never done does not keep Artillery from ending: its user goes on to its end, and the failure is counted', async () => {
  await using server = await ScriptedServer.start()
  const { error, errors } = await runOneUser(server.url, {
    flow: [{ function: 'stuck' }, { callTool: { name: 'echo' } }],
    mcp: { timeout: '200ms' },
    processor: { stuck: () => new Promise(() => undefined) },
  })
  expect([error, errors, server.endedSessions]).toEqual([null, ['function.failed'], 1])
})

test('dates that Artillery reads out of a script mean what they mean to Squall: text', async () => {
  await using server = await ScriptedServer.start()
  const { errors } = await runOneUser(server.url, {
    flow: [{ callTool: { name: 'echo', arguments: { day: new Date('2026-01-02'), at: new Date('2026-01-02T03:04:05Z') } } }],
    mcp: { protocolVersion: new Date('2025-11-25') },
  })
  expect(errors).toEqual([])
  const call = server.seen.find(({ tool }) => tool !== '')
  expect(call?.params['arguments']).toEqual({ day: '2026-01-02', at: '2026-01-02T03:04:05.000Z' })
  expect(call?.headers['mcp-protocol-version']).toBe('2025-11-25')
})

test('functions that do not exist are told, and fail every virtual user', async () => {
  await using server = await ScriptedServer.start()
  const run = await runOneUser(server.url, { flow: [{ function: 'nobody' }], processor: { somebody: () => undefined } })
  expect(run).toMatchObject({ started: 1, errors: ['CLIENT_FUNCTION_UNKNOWN'] })
  expect(run.error).toMatchObject({ problems: [{ value: 'nobody', expected: 'one of the functions somebody' }] })
  expect(server.seen).toEqual([])
})
