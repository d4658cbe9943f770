import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { freePort, RecordingProxy } from '@squall/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { FailureSamples } from './index.ts'
import { clientKinds } from './kinds/client-kinds.ts'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'

// Somebody else's server: the protocol as another team understood it.
const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js')
let server: ChildProcess
let url: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/mcp`
  server = spawn(process.execPath, [program, 'streamableHttp'], { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' })
  // Refused until it listens; then any answer will do.
  await vi.waitFor(() => fetch(url), { timeout: 15_000, interval: 50 })
}, 20_000)

afterAll(async () => {
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
})

const flow = [
  { listTools: { match: { json: '$.tools[0].name', value: 'echo' } } },
  { callTool: { name: 'echo', arguments: { message: 'hällo' }, match: { json: '$.content[0].text', value: 'Echo: hällo' } } },
  { callTool: { name: 'get-sum', arguments: { a: 2, b: 40 } } },
  { listResources: { capture: { json: '$.resources[0].uri', as: 'uri' } } },
  { readResource: { uri: '{{ uri }}' } },
  { listPrompts: {} },
  { getPrompt: { name: 'args-prompt', arguments: { city: 'Bern' } } },
  { ping: {} },
]

test.each(clientKinds.filter(({ echoesSession }) => echoesSession))(
  '$name works with the everything server without a failed call, counted alike on both sides',
  async ({ name }) => {
    await using proxy = await RecordingProxy.start(url)
    const recorder = await runClient(planFor(proxy.url, flow, { clientKind: name }), { iterations: 3 })
    expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
    expect(recorder.methods).toEqual(proxy.counts.methods)
    expect(recorder.codesOf('tools/call')).toHaveLength(6)
  },
)

test('the same flow runs over the standard streams of a server of its own', async () => {
  const plan = planFor(`'${process.execPath}' '${program}' stdio`, flow, { transport: 'stdio', clientKind: 'claude_code' })
  const recorder = await runClient(plan, { iterations: 2 })
  expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
  expect(recorder.codesOf('tools/call')).toHaveLength(4)
  expect(recorder.calls.every(({ transport }) => transport === 'stdio')).toBe(true)
})

test.each(clientKinds.filter(({ echoesSession }) => !echoesSession))(
  '$name never names its session, so a server that insists on it serves it nothing, and every failure is counted',
  async ({ name }) => {
    await using proxy = await RecordingProxy.start(url)
    const recorder = await runClient(planFor(proxy.url, flow, { clientKind: name }))
    // The proxy counts what expects an answer; the notice is counted because it was refused.
    expect(recorder.methods).toEqual(new Map([...proxy.counts.methods, ['notifications/initialized', 1]]))
    expect(recorder.codesOf('notifications/initialized')).toEqual(['http.400'])
    expect(recorder.codesOf('tools/call')).toEqual([])
  },
)

test('wrong arguments and unknown tools are told apart from answers', async () => {
  const wrong = [{ callTool: { name: 'echo', arguments: {} } }, { callTool: { name: 'no-such-tool' } }]
  const samples = new FailureSamples()
  const recorder = await runClient(planFor(url, wrong), { host: { samples } })
  expect(samples.all.map(({ name }) => name).toSorted()).toEqual(['echo', 'no-such-tool'])
  for (const code of recorder.codesOf('tools/call')) expect(code).toMatch(/^(?:tool\.is_error|rpc\.-32602)$/)
})

test('the same flow runs over the streams of 2024-11-05', async () => {
  const port = await freePort()
  const old = spawn(process.execPath, [program, 'sse'], { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' })
  try {
    await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`), { timeout: 15_000, interval: 50 })
    const plan = planFor(`http://127.0.0.1:${port}/sse`, flow, { transport: 'sse', clientKind: 'cursor' })
    const recorder = await runClient(plan, { iterations: 2 })
    expect(recorder.calls.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
    expect(recorder.codesOf('tools/call')).toHaveLength(4)
    expect(recorder.calls.every(({ transport }) => transport === 'sse')).toBe(true)
  } finally {
    const ended = once(old, 'exit')
    old.kill('SIGKILL')
    await ended
  }
})
