import { readFileSync } from 'node:fs'
import { ConnectProxy, makeCertificates, readPair, ScriptedServer, TlsFront } from '@squall/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoPack } from './test/echo-pack.ts'
import { squall, type EndedSquall, type SquallOptions } from './test/run-squall.ts'

let certificates: ReturnType<typeof makeCertificates>
beforeAll(() => void (certificates = makeCertificates()))
afterAll(() => certificates[Symbol.dispose]())

/** A short run of the echo pack. */
const run = (target: string, args: readonly string[] = [], options: SquallOptions = {}): Promise<EndedSquall> =>
  squall(['run', 'echo.yml', '--target', target, '--report', 'report', ...args], {
    files: { 'echo.yml': echoPack('clients: 2, spawnRate: 100, duration: 500ms') },
    ...options,
  })

test('a server of an own authority is reached with --ca, or as a variable, a file or the pack says', async () => {
  await using scripted = await ScriptedServer.start()
  await using front = await TlsFront.start(scripted.url, readPair(certificates.server))
  expect(await run(front.url, ['--ca', certificates.ca])).toMatchObject({ code: 0, summary: { verdict: 'pass', errors: {} } })
  expect(await run(front.url, [], { env: { SQUALL_CA: certificates.ca } })).toMatchObject({ code: 0 })
  const written = echoPack('clients: 1, spawnRate: 100, duration: 500ms').replace('config:', 'config:\n  tls: { ca: tls/ca.pem }')
  const inPack = { 'echo.yml': written, 'tls/ca.pem': readFileSync(certificates.ca, 'utf8') }
  expect(await run(front.url, [], { files: inPack })).toMatchObject({ code: 0 })
  const insecure = written.replace('{ ca: tls/ca.pem }', '{ rejectUnauthorized: false }')
  expect(await run(front.url, [], { files: { 'echo.yml': insecure } })).toMatchObject({ code: 0 })
})

test('a server of an authority nobody knows is exit code 6, in words, and --insecure takes it', async () => {
  await using scripted = await ScriptedServer.start()
  await using front = await TlsFront.start(scripted.url, readPair(certificates.stranger))
  for (const args of [[], ['--ca', certificates.ca]]) {
    const { code, stderr } = await run(front.url, args)
    expect(code).toBe(6)
    expect(stderr).toMatch(/cannot be reached securely: no authority this client trusts has signed the certificate/)
    expect(stderr).toMatch(/hint: .*--ca FILE.* \[CONTROLLER_TARGET_INSECURE]/)
  }
  expect(await run(front.url, ['--insecure'])).toMatchObject({ code: 0 })
})

test('a certificate for another name is told, and --server-name looks for that name', async () => {
  await using scripted = await ScriptedServer.start()
  await using front = await TlsFront.start(scripted.url, readPair(certificates.server))
  const named = ['--ca', certificates.ca, '--server-name']
  const { code, stderr } = await run(front.url, [...named, 'example.org'])
  expect(code).toBe(6)
  expect(stderr).toMatch(/certificate of the server is for another name/)
  expect(await run(front.url, [...named, 'localhost'])).toMatchObject({ code: 0 })
})

test('a server that wants a certificate of its clients gets it, and says no without [L15]', async () => {
  await using scripted = await ScriptedServer.start()
  const options = { ...readPair(certificates.server), ca: readFileSync(certificates.ca), requestCert: true }
  await using front = await TlsFront.start(scripted.url, { ...options, rejectUnauthorized: true })
  const { cert, key } = certificates.client
  expect(await run(front.url, ['--ca', certificates.ca, '--cert', cert, '--key', key])).toMatchObject({ code: 0 })
  const without = await run(front.url, ['--ca', certificates.ca])
  expect(without.code).toBe(6)
  expect(without.stderr).toMatch(/wants a certificate of (the client, and got none|its clients)/)
})

test('https to a port that speaks plain text is told without a word of OpenSSL', async () => {
  await using scripted = await ScriptedServer.start()
  const { code, stderr } = await run(scripted.url.replace('http:', 'https:'))
  expect(code).toBe(6)
  expect(stderr).toMatch(/does not speak TLS: the address says https, the port speaks plain text/)
  expect(stderr).not.toMatch(/openssl|routines|tls_get_more_records/i)
})

test('clients go through a proxy, plain and to a TLS server, and its password is told to nobody', async () => {
  await using scripted = await ScriptedServer.start()
  await using front = await TlsFront.start(scripted.url, readPair(certificates.server))
  await using proxy = await ConnectProxy.start()
  for (const [target, args] of [
    [scripted.url, []],
    [front.url, ['--ca', certificates.ca]],
  ] as const) {
    const ended = await run(target, [...args, '--proxy', proxy.url('ann:s3cret')])
    expect(ended).toMatchObject({ code: 0 })
    expect(proxy.used.at(-1)).toEqual({ to: new URL(target).host, authorization: `Basic ${btoa('ann:s3cret')}` })
    expect(JSON.stringify(ended)).not.toContain('s3cret')
  }
})

test('files that do not fit are told all at once, before any load', async () => {
  const { server, client } = certificates
  const wrong = ['--ca', server.key, '--cert', server.cert, '--key', client.key, '--proxy', 'ftp://ann:s3cret@h']
  const { code, stderr } = await run('https://127.0.0.1:1/mcp', wrong)
  expect(code).toBe(2)
  expect(stderr).toMatch(/--ca: found ".*server\.key", expected a file with certificates in PEM/)
  expect(stderr).toMatch(/--key: found .*, expected the key of the certificate given beside it/)
  expect(stderr).toMatch(/--proxy: expected the URL of an HTTP proxy/)
  expect(stderr).not.toContain('s3cret')
  const alone = await run('https://127.0.0.1:1/mcp', ['--cert', server.cert])
  expect(alone.stderr).toMatch(/--cert: .*expected key beside it/)
  const nowhere = await run('https://127.0.0.1:1/mcp', ['--ca', 'nowhere.pem'])
  expect(nowhere.stderr).toMatch(/--ca: found "nowhere.pem", expected a file that can be read/)
})
