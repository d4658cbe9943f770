import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Socket } from 'node:net'
import { systemClock } from '@squall/time'
import { expect, test, vi } from 'vitest'
import type { HttpExchange } from './http/http-exchange.ts'
import { SocketExchange } from './http/socket-exchange.ts'
import { UndiciExchange } from './http/undici-exchange.ts'
import { initializeRequest } from './index.ts'
import { echo, identity, legacy, modern, never, TestConnection } from './test/connect.ts'
import { type RawRequest, type RawScript, RawServer, reply, rightAnswer, sendWithoutEnd } from './test/raw-server.ts'

const exchanges = {
  socket: (origin: string): HttpExchange => new SocketExchange(new URL(origin), { clock: systemClock, keepAlive: true }),
  undici: (origin: string): HttpExchange => new UndiciExchange(origin, { keepAlive: true, connectTimeoutMs: 5000 }),
} as const

type Which = keyof typeof exchanges

interface Hostility {
  readonly name: string
  readonly script: RawScript
  /** The code of the outcome, or `ok`; an object where the two clients rightly differ. */
  readonly outcome: string | Readonly<Record<Which, string>>
}

const largestReplyBytes = 1_000_000
const json = 'content-type: application/json'
const events = 'content-type: text/event-stream'
const ok = 'HTTP/1.1 200 OK\r\n'

const say =
  (text: (request: RawRequest) => string | Buffer): RawScript =>
  (socket, request) =>
    void socket.write(text(request), 'latin1')

const sayAndClose =
  (text: (request: RawRequest) => string): RawScript =>
  (socket, request) =>
    void socket.end(text(request), 'latin1')

const encoded =
  (encoding: string, encode: (text: string) => Buffer, type = json): RawScript =>
  (socket, request) =>
    void socket.write(reply(encode(rightAnswer(request)), { headers: [type, `content-encoding: ${encoding}`] }))

/** Writes one byte after another, each in a packet of its own. */
async function drip(socket: Socket, text: string, pauseMs: number): Promise<void> {
  socket.setNoDelay(true)
  for (const character of text) {
    if (socket.destroyed) return
    socket.write(character, 'latin1')
    await new Promise((resolve) => void setTimeout(resolve, pauseMs))
  }
}

const hello = (id: string): string =>
  `{"jsonrpc":"2.0","id":${id},"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"x","version":"1"}}}`

const bomb = gzipSync(Buffer.alloc(5_000_000, ' '))

const hostilities: readonly Hostility[] = [
  {
    name: 'an answer to another request',
    script: say((request) => reply(rightAnswer({ ...request, id: '77' }))),
    outcome: 'protocol.wrong_id',
  },
  {
    name: 'an id of another type',
    script: say((request) => reply(rightAnswer({ ...request, id: `"${request.id}"` }))),
    outcome: 'protocol.wrong_id',
  },
  {
    name: 'the same answer twice on one stream',
    script: say((request) => reply(`data: ${rightAnswer(request)}\n\n`.repeat(2), { headers: [events] })),
    outcome: 'ok',
  },
  {
    name: 'two answers to one request',
    script: say((request) => Buffer.concat([reply(rightAnswer(request)), reply(rightAnswer(request))])),
    outcome: 'ok',
  },
  { name: 'half a JSON', script: say((request) => reply(rightAnswer(request).slice(0, 20))), outcome: 'protocol.bad_reply' },
  {
    name: 'half a JSON, then the end',
    script: sayAndClose((request) => reply(rightAnswer(request)).toString().slice(0, -5)),
    outcome: 'protocol.truncated',
  },
  {
    name: 'half a chunk, then the end',
    script: sayAndClose(() => `${ok}${json}\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"json`),
    outcome: 'protocol.truncated',
  },
  {
    name: 'bytes that are no UTF-8',
    script: say(({ id }) => reply(Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"x":"\xff"}}`, 'latin1'))),
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'a stream that is no UTF-8',
    script: say(() => Buffer.from(`${ok}${events}\r\n\r\ndata: \xff\n\n`, 'latin1')),
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'a body of a gigabyte',
    script: (socket) => {
      socket.write(`${ok}${json}\r\ncontent-length: 1073741824\r\n\r\n`)
      sendWithoutEnd(socket, Buffer.alloc(65_536, 'x'))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'a body without end',
    script: (socket) => {
      socket.write(`${ok}${json}\r\n\r\n`)
      sendWithoutEnd(socket, Buffer.alloc(65_536, 'x'))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'chunks without end',
    script: (socket) => {
      socket.write(`${ok}${json}\r\ntransfer-encoding: chunked\r\n\r\n`)
      sendWithoutEnd(socket, Buffer.from(`2000\r\n${'x'.repeat(8192)}\r\n`))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'a header without end',
    script: (socket) => {
      socket.write(`${ok}x: `)
      sendWithoutEnd(socket, Buffer.alloc(8192, 'x'))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'headers without end',
    script: (socket) => {
      socket.write(ok)
      sendWithoutEnd(socket, Buffer.from('x-header: value\r\n'.repeat(100)))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'trailers without end',
    script: (socket) => {
      socket.write(`${ok}${json}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n`)
      sendWithoutEnd(socket, Buffer.from('x-trailer: value\r\n'.repeat(100)))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'an answer that comes drop by drop',
    script: (socket) => void drip(socket, `${ok}${json}\r\ncontent-length: 1000\r\n\r\n${' '.repeat(1000)}`, 5),
    outcome: 'transport.timeout',
  },
  {
    name: 'a right answer in single bytes',
    script: (socket, request) => void drip(socket, reply(rightAnswer(request)).toString(), 0),
    outcome: 'ok',
  },
  { name: 'no answer', script: () => undefined, outcome: 'transport.timeout' },
  {
    name: 'an early hint before the answer',
    script: say((request) => `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${reply(rightAnswer(request)).toString()}`),
    outcome: 'ok',
  },
  // undici takes it for a broken answer; RFC 9110, section 15.2, wants any client to pass over it.
  {
    name: 'a 100 that nobody asked for',
    script: say((request) => `HTTP/1.1 100 Continue\r\n\r\n${reply(rightAnswer(request)).toString()}`),
    outcome: { socket: 'ok', undici: 'transport.reset' },
  },
  {
    name: 'a change of protocols',
    script: say(() => 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    outcome: { socket: 'protocol.bad_reply', undici: 'transport.reset' },
  },
  {
    name: 'a status that does not exist',
    script: say(() => 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'),
    outcome: { socket: 'protocol.bad_reply', undici: 'transport.reset' },
  },
  {
    name: 'a redirect',
    script: say(() => reply('', { status: '307 Temporary Redirect', headers: ['location: http://127.0.0.1:1/'] })),
    outcome: 'http.307',
  },
  { name: 'no content', script: say(() => 'HTTP/1.1 204 No Content\r\n\r\n'), outcome: 'protocol.bad_reply' },
  { name: 'not modified', script: say(() => 'HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n'), outcome: 'http.304' },
  { name: 'gzip', script: encoded('gzip', gzipSync), outcome: 'ok' },
  { name: 'deflate', script: encoded('Deflate', deflateSync), outcome: 'ok' },
  { name: 'brotli', script: encoded('br', brotliCompressSync), outcome: 'ok' },
  { name: 'an encoding nobody knows', script: encoded('rot13', (text) => Buffer.from(text)), outcome: 'protocol.bad_reply' },
  { name: 'gzip that is none', script: encoded('gzip', (text) => Buffer.from(text)), outcome: 'protocol.bad_reply' },
  {
    name: 'gzip that grows beyond the limit',
    script: encoded('gzip', () => bomb),
    outcome: 'protocol.bad_reply',
  },
  { name: 'a stream in gzip', script: encoded('gzip', gzipSync, events), outcome: 'protocol.bad_reply' },
  {
    name: 'chunks with extensions and trailers',
    script: say(
      (request) =>
        `${ok}${json}\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n5;a=b;c\r\n${rightAnswer(request).slice(0, 5)}\r\n${(rightAnswer(request).length - 5).toString(16)}\r\n${rightAnswer(request).slice(5)}\r\n0\r\nx-sum: 1\r\n\r\n`,
    ),
    outcome: 'ok',
  },
  {
    name: 'chunks of no size',
    script: say(() => `${ok}${json}\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n`),
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'both a length and chunks',
    script: say(
      (request) => `${ok}${json}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n2\r\n${rightAnswer(request)}`,
    ),
    outcome: { socket: 'protocol.bad_reply', undici: 'transport.reset' },
  },
  {
    name: 'the end of the connection as the end of the body',
    script: sayAndClose((request) => `HTTP/1.0 200 OK\r\n${json}\r\n\r\n${rightAnswer(request)}`),
    outcome: 'ok',
  },
  {
    name: 'header names in capitals, with values that go on in the next line',
    script: say(
      (request) =>
        `${ok}CONTENT-TYPE:\r\n application/json\r\nX-Old: a\r\n\tb\r\nCONTENT-LENGTH:${rightAnswer(request).length}\r\n\r\n${rightAnswer(request)}`,
    ),
    outcome: { socket: 'ok', undici: 'protocol.bad_reply' },
  },
  {
    name: 'a media type in capitals',
    script: say((request) => reply(rightAnswer(request), { headers: ['content-type: Application/JSON; Charset=UTF-8'] })),
    outcome: 'ok',
  },
  { name: 'something that is not HTTP', script: say(() => 'SSH-2.0-OpenSSH_9.6\r\n'), outcome: 'protocol.bad_reply' },
  {
    name: 'lines that end without CR',
    script: say(() => `HTTP/1.1 200 OK\ncontent-length: 0\n\n`),
    outcome: 'protocol.bad_reply',
  },
  { name: 'a closed connection instead of an answer', script: (socket) => void socket.destroy(), outcome: 'transport.reset' },
  {
    name: 'a connection reset instead of an answer',
    script: (socket) => void socket.resetAndDestroy(),
    outcome: 'transport.reset',
  },
  {
    name: 'a stream of nothing but comments',
    script: (socket) => {
      socket.write(`${ok}${events}\r\n\r\n`)
      const timer = setInterval(() => socket.write(': still here\n\n'), 10)
      socket.on('close', () => clearInterval(timer))
    },
    outcome: 'transport.timeout',
  },
  {
    name: 'an event line without end',
    script: (socket) => {
      socket.write(`${ok}${events}\r\n\r\ndata: `)
      sendWithoutEnd(socket, Buffer.alloc(65_536, 'x'))
    },
    outcome: 'protocol.bad_reply',
  },
  {
    name: 'an event of lines without end',
    script: (socket) => {
      socket.write(`${ok}${events}\r\n\r\n`)
      sendWithoutEnd(socket, Buffer.from(`data: ${'x'.repeat(1000)}\n`.repeat(60)))
    },
    outcome: 'protocol.bad_reply',
  },
]

const cases = hostilities.flatMap(({ name, script, outcome }) =>
  (['socket', 'undici'] as const).map((which) => ({
    name,
    which,
    script,
    outcome: typeof outcome === 'string' ? outcome : outcome[which],
  })),
)

test.each(cases)(
  '$name is the outcome $outcome, and the next call is none the worse ($which)',
  async ({ which, script, outcome }) => {
    await using server = await RawServer.start((socket, request) =>
      request.turn === 1 ? script(socket, request) : void socket.write(reply(rightAnswer(request))),
    )
    // A busy machine may take long over what should succeed.
    const requestTimeoutMs = outcome === 'transport.timeout' ? 1_000 : 20_000
    await using connection = new TestConnection(`${server.origin}/mcp`, {
      dialect: modern,
      requestTimeoutMs,
      largestReplyBytes,
      exchange: exchanges[which](server.origin),
    })
    expect(await connection.request(echo, never)).toMatchObject({ ok: true })
    const [before, startMs] = [process.memoryUsage().rss, performance.now()]
    const result = await connection.request(echo, never)
    expect(result.ok ? 'ok' : result.code).toBe(outcome)
    expect(performance.now() - startMs).toBeLessThan(requestTimeoutMs + 2000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
    expect(result.bytesReceived).toBeLessThan(largestReplyBytes + 1_000_000)
    expect(await connection.request(echo, never)).toMatchObject({ ok: true })
    expect(server.requests).toHaveLength(3)
  },
)

test.each([
  ['a control character', 'mcp-session-id: a\u0001b'],
  ['a character beyond ASCII', 'mcp-session-id: s\u00E9ance'],
  ['a space', 'mcp-session-id: a b'],
])('a session id with %s is a bad reply, and is never sent back', async (_, header) => {
  await using server = await RawServer.start((socket, { id }) => {
    const answer = hello(id)
    socket.write(`${ok}${json}\r\n${header}\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`, 'latin1')
  })
  for (const exchange of Object.values(exchanges)) {
    await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: legacy, exchange: exchange(server.origin) })
    expect(await connection.request(initializeRequest(identity, legacy), never)).toMatchObject({ code: 'protocol.bad_reply' })
    expect(connection.hasSession).toBe(false)
    await connection.request({ method: 'ping', paramsJson: '{}' }, never)
  }
  expect(server.requests.filter(({ head }) => head.includes('mcp-session-id'))).toEqual([])
})

test('a connection that the server closes between two calls costs neither of them', async () => {
  await using server = await RawServer.start((socket, request) => {
    socket.write(reply(rightAnswer(request)))
    setImmediate(() => socket.destroy())
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  for (let call = 0; call < 20; call++) expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  // Each was served once: a request that came to the server is never sent again.
  expect(server.requests).toHaveLength(20)
})

test('a second answer that comes while nobody waits is not taken for the next one', async () => {
  let sayMore: (() => void) | undefined
  await using server = await RawServer.start((socket, request) => {
    socket.write(reply(rightAnswer(request)))
    sayMore = () => void socket.write(reply(rightAnswer(request)))
  })
  await using connection = new TestConnection(`${server.origin}/mcp`, { dialect: modern })
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  sayMore?.()
  await vi.waitFor(() => expect(server.bytesWritten).toBeGreaterThan(0))
  expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(server.connectionCount).toBe(2)
})
