import { readFileSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type Certificates, ConnectProxy, makeCertificates, readPair, ScriptedServer, TlsFront } from '@squall/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echo, modern, never, TestConnection } from '../test/connect.ts'
import type { TlsOptions } from './tls-options.ts'

let certificates: Certificates
let trusting: TlsOptions

beforeAll(() => {
  certificates = makeCertificates()
  trusting = { ca: readFileSync(certificates.ca, 'utf8') }
})

afterAll(() => certificates[Symbol.dispose]())

/** Answers every call, and notes what each connection brought along. */
class SecureServer implements AsyncDisposable {
  readonly names: (string | false | null | undefined)[] = []
  readonly resumed: boolean[] = []
  readonly peers: string[] = []
  readonly #server: Server

  private constructor(options: ServerOptions) {
    this.#server = createServer(options, (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":0,"result":{"content":[]}}')
      })
    })
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      this.names.push(socket.servername)
      this.resumed.push(socket.isSessionReused())
      this.peers.push(String(socket.getPeerCertificate().subject?.CN))
    })
  }

  static async start(options: ServerOptions = {}): Promise<SecureServer> {
    const secure = new SecureServer({ ...readPair(certificates.server), ...options })
    await new Promise<void>((resolve) => void secure.#server.listen(0, '127.0.0.1', resolve))
    return secure
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port')
    return `https://127.0.0.1:${address.port}/mcp`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => void this.#server.close(resolve))
  }
}

const firstId = { dialect: modern, firstRequestId: 0 }

test('a client that trusts the authority calls over TLS, many times on one connection [L4]', async () => {
  await using plain = await ScriptedServer.start()
  await using front = await TlsFront.start(plain.url, readPair(certificates.server))
  await using connection = await new TestConnection(front.url, { tls: trusting }).open()
  for (let call = 0; call < 5; call++) expect(await connection.request(echo, never)).toMatchObject({ ok: true })
  expect(plain.endedSessions).toBe(0)
})

test('calls in turn share a connection, and a new connection resumes the session of the one before', async () => {
  await using server = await SecureServer.start()
  for (const keepAlive of [true, false]) {
    await using connection = new TestConnection(server.url, { ...firstId, tls: trusting, keepAlive })
    for (let call = 0; call < 3; call++) {
      // The server answers to id 0 alone, and what is looked at here is the connection.
      expect((await connection.request({ ...echo, id: 0 }, never)).ok).toBe(true)
    }
  }
  expect(server.resumed).toEqual([false, false, true, true])
})

test('without trust there is no connection, unless trust is given up', async () => {
  await using server = await SecureServer.start(readPair(certificates.stranger))
  await using careful = new TestConnection(server.url, { ...firstId, tls: trusting })
  expect(await careful.request(echo, never)).toMatchObject({ ok: false, code: 'transport.tls', bytesSent: 0 })
  await using careless = new TestConnection(server.url, { ...firstId, tls: { rejectUnauthorized: false } })
  expect(await careless.request(echo, never)).toMatchObject({ ok: true })
})

test('a client proves itself with its certificate where the server asks for one', async () => {
  await using server = await SecureServer.start({ ca: trusting.ca as string, requestCert: true, rejectUnauthorized: true })
  await using known = new TestConnection(server.url, { ...firstId, tls: { ...trusting, ...readPair(certificates.client) } })
  expect(await known.request(echo, never)).toMatchObject({ ok: true })
  expect(server.peers).toEqual(['client'])
  await using unknown = new TestConnection(server.url, { ...firstId, tls: trusting })
  expect(await unknown.request(echo, never)).toMatchObject({ ok: false })
})

test('the name asked for is that of the URL, or the one given', async () => {
  await using server = await SecureServer.start()
  await using named = new TestConnection(server.url, { ...firstId, tls: { ...trusting, serverName: 'localhost' } })
  expect(await named.request(echo, never)).toMatchObject({ ok: true })
  await using plain = new TestConnection(server.url.replace('127.0.0.1', 'localhost'), { ...firstId, tls: trusting })
  expect(await plain.request(echo, never)).toMatchObject({ ok: true })
  expect(server.names).toEqual(['localhost', 'localhost'])
  await using misnamed = new TestConnection(server.url, { ...firstId, tls: { ...trusting, serverName: 'example.org' } })
  expect(await misnamed.request(echo, never)).toMatchObject({ ok: false, code: 'transport.tls' })
})

test.each(['http', 'https'])(
  'a call to %s goes through the proxy that was named, with its user and password [L15]',
  async (scheme) => {
    await using plain = await ScriptedServer.start()
    await using front = await TlsFront.start(plain.url, readPair(certificates.server))
    await using proxy = await ConnectProxy.start()
    const url = scheme === 'http' ? plain.url : front.url
    await using connection = await new TestConnection(url, { tls: trusting, proxyUrl: proxy.url('user:secret') }).open()
    expect(await connection.request(echo, never)).toMatchObject({ ok: true })
    const { host } = new URL(url)
    expect(proxy.used[0]).toEqual({ to: host, authorization: `Basic ${Buffer.from('user:secret').toString('base64')}` })
  },
)
