// What may be wrong with a server's settings and with what it is sent, as its operator and its callers meet it.
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { squall, startSquall } from './test/run-squall.ts'
import { startServe, type Reply } from './test/start-serve.ts'

const token = 'a token of a server that is tested'.replaceAll(' ', '-')
const authorization = `Bearer ${token}`

const errorOf = ({ json }: Reply) => (json as { error: { code: string; message: string; problems: { where: string }[] } }).error

test('whoever does not show the token, calls by a foreign name, or comes from a foreign page is turned away', async () => {
  const serve = await startServe([], { env: { SQUALL_SERVE_TOKEN: token, SQUALL_SERVE_ALLOW_HOST: 'squall.example.com' } })
  const ask = (headers: Readonly<Record<string, string>>) => serve.ask('GET', '/runs', undefined, headers)
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${token}` }, { authorization: token }]) {
    const reply = await ask(headers)
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toBe('Bearer')
    expect(errorOf(reply).code).toBe('SQUALL_SERVE_UNAUTHORIZED')
    expect(reply.text).not.toContain(token)
  }
  expect(await ask({ authorization })).toMatchObject({ status: 200, json: { runs: [] } })
  expect(await serve.ask('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } })
  expect((await serve.ask('GET', '/healthz?x')).status).toBe(401)
  for (const [host, status] of [
    ['evil.example.com', 403],
    ['localhost.evil.example.com', 403],
    ['squall.example.com', 200],
    ['SQUALL.example.com:80', 200],
    ['localhost:1', 200],
    ['10.1.2.3', 200],
    ['[::1]:8089', 200],
  ] as const)
    expect(await statusAs(serve.url, host), host).toBe(status)
  const foreign = await ask({ authorization, origin: 'https://evil.example.com' })
  expect([foreign.status, errorOf(foreign).code]).toEqual([403, 'SQUALL_SERVE_FOREIGN'])
  expect((await ask({ authorization, origin: 'null' })).status).toBe(403)
  expect((await ask({ authorization, origin: serve.url })).status).toBe(200)
  expect((await ask({ authorization })).headers.has('access-control-allow-origin')).toBe(false)
})

/** Node's fetch says by itself which host it asks. */
async function statusAs(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const request = httpRequest(`${url}/runs`, { headers: { host, authorization } }, (reply) => {
    reply.resume()
    resolve(reply.statusCode)
  })
  request.on('error', reject).end()
  return promise
}

test('everything wrong with what is asked for is told at once, and nothing of it is run', async () => {
  const serve = await startServe(['--allow-target', '127.0.0.1'])
  const wrong = await serve.ask('POST', '/runs', {
    packText: `config:
  processor: ./run-me.ts
  payload: { path: /etc/passwd, fields: [line] }
  mcp: { headers: { authorization: 'Bearer {{ $env.TOKEN }}' } }
  squall: { clients: 1, duration: 1s }
scenarios: [ { engine: mcp, flow: [ { ping: {} } ] } ]
`,
    name: '../up',
    target: 'http://10.0.0.9:3000/mcp',
    clients: -1,
    workers: 'many',
    allowLoss: 2,
    lease: '4s',
    colour: 'blue',
  })
  expect(wrong.status).toBe(400)
  expect(errorOf(wrong).problems.map(({ where }) => where.replace(/^pack:\d+:\d+ /, ''))).toEqual([
    'colour',
    'workers',
    'allowLoss',
    'lease',
    'target',
    'name',
    'clients',
    'config.processor',
    'config.payload',
    'config.mcp.headers.authorization',
  ])
  const sent = (body: unknown) => serve.ask('POST', '/runs', body)
  const packText = echoPack()
  for (const [body, where, expected] of [
    [[], 'the body', /a JSON object/],
    [{}, 'pack', /either pack, the name of a pack, or packText/],
    [{ pack: 'smoke', packText }, 'pack', /either/],
    [{ pack: 'smoek', target: 'http://127.0.0.1:1/mcp' }, 'pack', /one of the packs .*smoke/],
    [{ pack: '../packs/smoke', target: 'http://127.0.0.1:1/mcp' }, 'pack', /one of the packs/],
    [{ pack: 'smoke', name: 'mine', target: 'http://127.0.0.1:1/mcp' }, 'name', /packText beside it/],
    [{ pack: 'smoke' }, 'target', /an address, since the pack names none/],
    [{ packText }, 'target', /an address/],
    [{ packText: 7 }, 'packText', /the text of a pack/],
    [{ packText, target: 'node server.js' }, 'target', /a URL such as/],
    [{ packText, target: 'file:///etc/passwd' }, 'target', /a URL such as/],
    [{ packText, target: 'http://169.254.169.254/' }, 'target', /a host that this server allows: 127\.0\.0\.1/],
    [{ packText, target: 'http://127.0.0.1:1/', agents: 2 }, 'agents', /no agents/],
    [{ packText: '{', target: 'ftp://x' }, 'pack:1:2', /well-formed/],
    [
      { packText: packText.replace('config:', 'config:\n  target: http://10.0.0.9/mcp') },
      'the pack',
      /a host that this server allows/,
    ],
    [
      { packText: packText.replace('squall: {', 'squall: { proxy: "http://10.0.0.9:3128",'), target: 'http://127.0.0.1:1/' },
      'the pack',
      /a host that this server allows/,
    ],
  ] as const) {
    const reply = await sent(body)
    const [problem] = errorOf(reply).problems
    expect(reply.status, reply.text).toBe(400)
    expect(problem, reply.text).toMatchObject({ where, expected: expect.stringMatching(expected) as string })
  }
  expect(errorOf(await sent({ packText: '{', target: 'ftp://x' })).problems).toHaveLength(2)
  // However much is wrong, the answer is one that can be read.
  expect(errorOf(await sent({ packText: 'x: 1\n'.repeat(1_000) })).problems.at(-1)).toMatchObject({ where: '899 more places' })
  expect((await serve.ask('GET', '/runs')).json).toEqual({ runs: [] })
})

test('what is no request is told as that, by its status and a code', async () => {
  const serve = await startServe([])
  const post = async (body: string, type?: string, key?: string): Promise<[number, string]> => {
    const headers = { ...(type && { 'content-type': type }), ...(key && { 'idempotency-key': key }) }
    const reply = await fetch(`${serve.url}/runs`, { method: 'POST', body, headers })
    return [reply.status, ((await reply.json()) as { error: { code: string } }).error.code]
  }
  const bad = 'SQUALL_SERVE_BAD_REQUEST'
  const plain = await fetch(`${serve.url}/runs`, { method: 'POST', body: '{}' })
  expect(await plain.text()).toContain('send it with the header content-type: application/json')
  expect(await post('{}')).toEqual([415, bad])
  expect(await post('{}', 'text/plain')).toEqual([415, bad])
  expect(await post('a=1', 'application/x-www-form-urlencoded')).toEqual([415, bad])
  expect(await post('{', 'application/json')).toEqual([400, bad])
  expect(await post('', 'application/json')).toEqual([400, bad])
  expect(await post(JSON.stringify({ packText: 'x'.repeat(1_100_000) }), 'application/json')).toEqual([413, bad])
  const status = async (method: string, path: string, body?: unknown) => {
    const reply = await serve.ask(method, path, body)
    return [reply.status, errorOf(reply).code]
  }
  const [nothing, unknown] = ['/runs/00000000-0000-4000-8000-000000000000', 'SQUALL_SERVE_NOT_FOUND']
  expect(await status('GET', '/run')).toEqual([404, unknown])
  expect(await status('PUT', '/runs')).toEqual([404, unknown])
  expect(await status('GET', '/runs/..%2f..%2fetc/report.html')).toEqual([404, unknown])
  expect(await status('GET', '/runs/%E0%A4%A')).toEqual([400, bad])
  expect(await status('GET', `/runs/${'a'.repeat(200)}`)).toEqual([414, bad])
  // Too deep to be said again.
  const deep = '['.repeat(300_000) + ']'.repeat(300_000)
  for (const body of [deep, `{ "packText": ${deep} }`, `{ "thresholds": ${deep}, "packText": "{" }`])
    for (const key of [undefined, 'a-key']) expect(await post(body, 'application/json', key)).toEqual([400, bad])
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/stop'],
    ['GET', '/summary.json'],
  ] as const)
    expect(await status(method, nothing + path), path).toEqual([404, unknown])
  expect(await status('POST', `${nothing}/control`, {})).toEqual([404, unknown])
  const control = { method: 'POST', body: deep, headers: { 'content-type': 'application/json' } }
  expect((await fetch(`${serve.url}${nothing}/control`, control)).status).toBe(400)
  expect(await status('GET', '/runs?limit=0')).toEqual([400, bad])
  expect(await status('GET', '/runs?limit=1e9')).toEqual([400, bad])
})

const ended = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { code, stderr } = await squall(['serve', '--port', '0', ...args], { env })
  return [code, stderr] as const
}

test('a server that may not or cannot serve says why, and ends', async () => {
  const open = await ended(['--host', '0.0.0.0'])
  expect(open[0]).toBe(2)
  expect(open[1]).toMatch(/^error: 0\.0\.0\.0 can be reached from other machines[^]*\[SQUALL_SERVE_OPEN_TO_ALL]/)
  const short = await ended(['--at-once', '0', '--packs', ''], { SQUALL_SERVE_TOKEN: 'short', SQUALL_SERVE_PORT: '99999' })
  expect(short[0]).toBe(2)
  expect(short[1]).toMatch(/--at-once: found "0"[^]*--packs[^]*|SQUALL_SERVE_TOKEN: expected at least 16 characters/)
  expect(short[1]).not.toContain('short"')
  expect(await ended(['--packs', '/nowhere'])).toEqual([2, expect.stringMatching(/--packs: found "\/nowhere"/)])
  expect(await ended(['--data', '/proc/runs'])).toEqual([9, expect.stringMatching(/\[SQUALL_SERVE_DATA]/)])
  expect(await ended(['--fabric', 'redis://127.0.0.1:1'])).toEqual([9, expect.stringMatching(/\[FABRIC_REDIS_UNREACHABLE]/)])
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  expect(await ended(['--port', String(port)])).toEqual([
    9,
    expect.stringMatching(/cannot listen on 127\.0\.0\.1:\d+: another program listens there[^]*\[SQUALL_SERVE_CANNOT_LISTEN]/),
  ])
})

test('two servers do not share a data directory, and one that was killed leaves it to the next', async () => {
  const first = await startServe([])
  const second = await startSquall(['serve', '--port', '0'], { cwd: first.directory }).ended
  expect(second.code, second.stderr).toBe(9)
  expect(second.stderr).toMatch(
    new RegExp(`another squall serve, process ${first.pid}, keeps its runs in .*squall-runs[^]*\\[SQUALL_SERVE_DATA]`),
  )
  first.child.kill('SIGKILL')
  await first.ended
  const third = await startServe([], { cwd: first.directory })
  third.child.kill('SIGTERM')
  expect((await third.ended).code).toBe(0)
})

test('while a pack that was made to take long is read, the server answers everything else', async () => {
  const serve = await startServe([])
  // Each key is looked for among all others, which takes minutes.
  const packText = Array.from({ length: 80_000 }, (_, key) => `k${key}: 1\n`).join('')
  let isAnswered = false
  const given = serve.ask('POST', '/runs', { packText, target: 'http://127.0.0.1:1/mcp' }).finally(() => (isAnswered = true))
  // The test does not wait for it.
  given.catch(() => undefined)
  for (let asked = 0; asked < 5; asked++)
    for (const path of ['healthz', 'runs'] as const) {
      const askedMs = performance.now()
      expect((await serve.ask('GET', `/${path}`)).status).toBe(200)
      // A few milliseconds, where the machine has nothing else to do.
      expect(performance.now() - askedMs, path).toBeLessThan(5_000)
    }
  expect(isAnswered).toBe(false)
})
