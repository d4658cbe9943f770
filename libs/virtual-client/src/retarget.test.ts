import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Json } from '@squall/load-plan'
import { ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { systemClock } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import { createClientFactories, neverEnding, type ClientFactory } from './index.ts'
import { MemoryRecorder } from './test/memory-recorder.ts'
import { planFor } from './test/plan.ts'

async function startServer(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(options)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

const flow: readonly Json[] = [{ callTool: { name: 'echo', arguments: { text: 'hi' } } }]

interface Made {
  readonly factory: ClientFactory
  readonly recorder: MemoryRecorder
}

function factoryFor(target: string, client: Parameters<typeof planFor>[2] = {}): Made {
  const recorder = new MemoryRecorder()
  const [factory] = createClientFactories(planFor(target, flow, client), { clock: systemClock, recorder, seed: 1 })
  if (!factory) throw new Error('the plan has no scenario')
  return { factory, recorder }
}

const iterate = (client: ReturnType<ClientFactory['create']>): Promise<unknown> =>
  Promise.resolve(client.iterate(systemClock.monotonicMs(), neverEnding))

test('clients go to another target with their next iteration, each in a session of its own, and leave the one they knew', async () => {
  const [one, other] = [await startServer(), await startServer()]
  const { factory, recorder } = factoryFor(one.url)
  const [stays, comes] = [factory.create(0), factory.create(1)]
  expect(await stays.open(neverEnding)).toBe(true)
  await iterate(stays)
  factory.retarget(other.url)
  // Nothing moves by itself.
  expect([one.endedSessions, other.seen.length]).toEqual([0, 0])
  expect(await comes.open(neverEnding)).toBe(true)
  await Promise.all([iterate(stays), iterate(comes)])
  await Promise.all([iterate(stays), iterate(comes)])
  expect([one.counts.toolCalls, one.endedSessions]).toEqual([1, 1])
  expect([other.counts.toolCalls, other.sessions.size]).toEqual([4, 2])
  // The same target once more is no other.
  factory.retarget(other.url)
  await iterate(stays)
  expect(other.sessions.size).toBe(2)
  await Promise.all([stays.close(), comes.close()])
  expect(other.endedSessions).toBe(2)
  expect(recorder.codesOf('tools/call')).toEqual(Array.from({ length: 6 }, () => undefined))
  expect(recorder.counters.get('sessionsOpened')).toBe(3)
})

test('a client that is away when it is sent elsewhere opens there', async () => {
  const other = await startServer()
  const { factory, recorder } = factoryFor('http://127.0.0.1:1/mcp')
  const client = factory.create(0)
  expect(await client.open(neverEnding)).toBe(false)
  factory.retarget(other.url)
  await iterate(client)
  await client.close()
  expect(other.counts.toolCalls).toBe(1)
  expect(recorder.codesOf('initialize')).toEqual(['transport.refused', undefined])
})

test('what a kind looks for beside the endpoint, it looks for at the new target', async () => {
  const [one, other] = [await startServer(), await startServer()]
  const { factory } = factoryFor(one.url, { clientKind: 'codex' })
  factory.retarget(other.url.replace('/mcp', '/mcp?there'))
  const client = factory.create(0)
  await client.open(neverEnding)
  await client.close()
  expect(one.seen).toEqual([])
  expect(other.seen.filter(({ path }) => path.includes('well-known'))).not.toEqual([])
})

/** Gives out a token that names what it is for. */
async function startTokenServer(): Promise<string> {
  const server = createServer((request, reply) => void answer(request, reply))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  // It listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const resource = new URLSearchParams(await text(request)).get('resource') ?? 'none'
  const token = { access_token: Buffer.from(resource).toString('base64url'), token_type: 'Bearer', expires_in: 600 }
  reply.setHeader('content-type', 'application/json').end(JSON.stringify(token))
}

const tokensAt = ({ seen }: ScriptedServer): unknown[] => [
  ...new Set(
    seen.map(({ headers }) => Buffer.from(String(headers['authorization']).slice('Bearer '.length), 'base64url').toString()),
  ),
]

test('a target is shown the tokens that are for it, and no other target is', async () => {
  const [one, other] = [await startServer(), await startServer()]
  const auth = { type: 'client_credentials', clientId: 'load', clientSecret: 'x', tokenUrl: await startTokenServer() } as const
  const { factory } = factoryFor(one.url, { auth })
  const client = factory.create(0)
  expect(await client.open(neverEnding)).toBe(true)
  factory.retarget(other.url)
  await iterate(client)
  await client.close()
  expect(other.counts.toolCalls).toBe(1)
  expect([tokensAt(one), tokensAt(other)]).toEqual([[one.url], [other.url]])
})
