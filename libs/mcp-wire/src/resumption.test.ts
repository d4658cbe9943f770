import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { FakeClock, systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import { echo, modern, never, TestConnection } from './test/connect.ts'

/** A server whose answers to calls break off, and go on where a GET asks for the rest. */
class BreakingServer implements AsyncDisposable {
  /** The `Last-Event-ID` of every GET. */
  readonly cursors: unknown[] = []
  readonly said: unknown[] = []
  readonly #server = createServer((request, response) => void this.#handle(request, response))
  readonly #onGet: (response: ServerResponse, count: number) => void
  readonly #begin: string
  readonly #cut: (response: ServerResponse) => void

  private constructor(begin: string, onGet: (response: ServerResponse, count: number) => void, isAbrupt: boolean) {
    this.#begin = begin
    this.#onGet = onGet
    this.#cut = (response) => (isAbrupt ? response.destroy() : response.end())
  }

  static async start(
    begin: string,
    onGet: (response: ServerResponse, count: number) => void = () => undefined,
    isAbrupt = false,
  ): Promise<BreakingServer> {
    const server = new BreakingServer(begin, onGet, isAbrupt)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    // A listening server of TCP has such an address.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      this.cursors.push(request.headers['last-event-id'])
      return this.#onGet(response, this.cursors.length)
    }
    const message = JSON.parse(await text(request)) as { readonly method?: string }
    this.said.push(message.method)
    if (message.method !== 'tools/call') return void response.writeHead(202).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(this.#begin, () => this.#cut(response))
  }
}

const prime = 'id: e1\nretry: 500\ndata: \n\n'
const answer = (id: number, eventId: string): string =>
  `id: ${eventId}\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } })}\n\n`

function stream(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(body)
}

test.each([
  ['in good order', false],
  ['abruptly', true],
])('an answer whose stream ends %s goes on behind its last event, after the pause the server asks for', async (_, isAbrupt) => {
  await using server = await BreakingServer.start(prime, (response) => stream(response, answer(0, 'e2')), isAbrupt)
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock })
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect(clock.pendingCount).toBe(2))
  await clock.advance(499)
  expect(server.cursors).toEqual([])
  await clock.advance(1)
  expect(await call).toMatchObject({ ok: true, doneMs: 500 })
  expect(server.cursors).toEqual(['e1'])
})

test('a stream that breaks again and again is resumed each time behind what came last', async () => {
  await using server = await BreakingServer.start(prime, (response, count) => {
    if (count === 4) stream(response, answer(0, 'e9'))
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`id: e${count + 1}\nretry: 1\ndata:\n\n`)
  })
  await using connection = new TestConnection(server.url, { clock: systemClock })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.cursors).toEqual(['e1', 'e2', 'e3', 'e4'])
})

test('while an answer is fetched anew, calls after it find theirs, each on its own stream', async () => {
  await using server = await BreakingServer.start('id: e1\nretry: 1\ndata:\n\n', (response, count) => {
    // The second stream brings both answers.
    if (count === 2) stream(response, answer(1, 'e2') + answer(0, 'e3'))
    else stream(response, ': wait\n\n')
  })
  await using connection = new TestConnection(server.url)
  const outcomes = await Promise.all([connection.request(echo, never), connection.request(echo, never)])
  expect(outcomes).toMatchObject([{ ok: true }, { ok: true }])
  expect(connection.traffic.strayReplies).toBe(0)
})

test.each([
  ['refuses to resume', 405],
  ['lost the session', 404],
])('where a server %s the answer is truncated', async (_, status) => {
  await using server = await BreakingServer.start(prime, (response) => void response.writeHead(status).end())
  const clock = new FakeClock()
  await using connection = new TestConnection(server.url, { clock })
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect(clock.pendingCount).toBe(2))
  await clock.advance(500)
  expect(await call).toMatchObject({ ok: false, code: 'protocol.truncated' })
  expect(server.cursors).toHaveLength(1)
})

test('without an event that has an id there is nothing to go on behind', async () => {
  await using server = await BreakingServer.start(': nothing\n\n')
  await using connection = new TestConnection(server.url)
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.truncated' })
  expect(server.cursors).toEqual([])
})

test('a resumed answer that does not come costs no more than the time of its call, and is cancelled', async () => {
  await using server = await BreakingServer.start(prime, (response) => stream(response, ': wait\n\n'))
  const clock = new FakeClock()
  const connection = new TestConnection(server.url, { clock })
  const call = connection.request(echo, never)
  await vi.waitFor(() => expect(clock.pendingCount).toBe(2))
  await clock.advance(500)
  await vi.waitFor(() => expect(server.cursors).toHaveLength(1))
  await clock.advance(4500)
  expect(await call).toMatchObject({ ok: false, code: 'transport.timeout' })
  await vi.waitFor(() => expect(server.said).toEqual(['tools/call', 'notifications/cancelled']))
  await connection.close('abandon')
})

test('the newest era resumes nothing', async () => {
  await using server = await BreakingServer.start(prime)
  await using connection = new TestConnection(server.url, { dialect: modern })
  expect(await connection.request(echo, never)).toMatchObject({ ok: false, code: 'protocol.truncated' })
  expect(server.cursors).toEqual([])
})
