import { createServer, type Server, type Socket } from 'node:net'
import { RedisServer, ScriptedServer, freePort, makeCertificates } from '@squall/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { checkFitness, openRedis } from './open-redis.ts'

const rejection = async (url: string) =>
  openRedis(url).then(
    (redis) => redis.disconnect(),
    (error: unknown) => error,
  )

test('a Redis that is not there is told with its address, without its password', async () => {
  const port = await freePort()
  expect(await rejection(`redis://:geheim@127.0.0.1:${port}`)).toMatchObject({
    code: 'FABRIC_REDIS_UNREACHABLE',
    message: expect.stringMatching(/^redis:\/\/\*\*\*@127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/) as string,
    exitCode: 9,
  })
  expect(await rejection('http://127.0.0.1')).toMatchObject({ message: 'http://127.0.0.1 is not the address of a Redis' })
})

test('a password that is missing or wrong is told as that; the right one lets in', async () => {
  await using redis = await RedisServer.start('--requirepass', 'geheim')
  const refused = { code: 'FABRIC_REDIS_REFUSED', message: expect.stringContaining('does not let this machine in') as string }
  expect(await rejection(redis.url)).toMatchObject(refused)
  expect(await rejection(`redis://:falsch@127.0.0.1:${redis.port}`)).toMatchObject(refused)
  expect(await rejection(`redis://:geheim@127.0.0.1:${redis.port}`)).toBeUndefined()
})

test('a Redis that may forget is refused', async () => {
  await using redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru')
  expect(await rejection(redis.url)).toMatchObject({
    code: 'FABRIC_REDIS_UNFIT',
    problems: [{ value: 'allkeys-lru', expected: 'noeviction' }],
  })
})

const check = (info: string) => () => checkFitness(info, 'redis://r')

test('everything that is wrong with a Redis is told at once', () => {
  expect(check('redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n')).not.toThrow()
  expect(check('redis_version:7.2.4\r\nvalkey_version:8.1.0\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n')).not.toThrow()
  expect(check('redis_version:6.2.1\r\nmaxmemory_policy:volatile-ttl\r\nrole:slave\r\n')).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ value: '6.2.1' }),
        expect.objectContaining({ value: 'volatile-ttl' }),
        expect.objectContaining({ value: 'slave' }),
      ],
    }) as Error,
  )
})

/** Answers INFO as it is told, and everything else with OK. */
async function startPretender(info: string): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', (bytes) => {
      const [, ...commands] = bytes.toString().split(/^\*\d+\r\n/m)
      for (const command of commands)
        socket.write(/^\$4\r\ninfo\r\n/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `redis://127.0.0.1:${port}`
}

test('a Redis that is too old is told as that', async () => {
  const url = await startPretender('redis_version:6.2.14\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n')
  expect(await rejection(url)).toMatchObject({
    code: 'FABRIC_REDIS_UNFIT',
    exitCode: 9,
    problems: [{ where: `${url} version`, value: '6.2.14', expected: 'Redis 7 or later, or Valkey' }],
  })
})

test('what answers and is no Redis is told as that', async () => {
  await using target = await ScriptedServer.start()
  expect(await rejection(`redis://${new URL(target.url).host}`)).toMatchObject({
    code: 'FABRIC_REDIS_UNREACHABLE',
    message: expect.stringMatching(/cannot be reached: what answers there is no Redis$/) as string,
  })
})

test('a user who may not do what a fabric does is told everything that is missing; the one of the documents may', async () => {
  await using redis = await RedisServer.start()
  const admin = new Redis(redis.url)
  onTestFinished(() => admin.disconnect())
  const user = async (name: string, ...rules: readonly string[]): Promise<unknown> => {
    await admin.acl('SETUSER', name, 'on', '>geheim', ...rules)
    return rejection(`redis://${name}:geheim@127.0.0.1:${redis.port}`)
  }
  expect(await user('elsewhere', '~other:*', '+@all')).toMatchObject({
    code: 'FABRIC_REDIS_RIGHTS',
    exitCode: 9,
    problems: [{ where: 'its keys', expected: 'leave to read and write those that begin with squall:' }],
  })
  expect(await user('reader', '~squall:*', '+@read', '+info', '+unlink')).toMatchObject({
    problems: [{ where: 'its commands', expected: expect.stringMatching(/SET, HSET, .*XADD, .*EVAL/) as string }],
  })
  expect(await user('blind', '~squall:*', '+@all', '-info')).toMatchObject({ code: 'FABRIC_REDIS_RIGHTS' })
  expect(await user('squall', '~squall:*', '+@all', '-@admin', '-@dangerous', '+info')).toBeUndefined()
  expect(await admin.keys('*')).toEqual([])
})

test('TLS that is not there, or not trusted, is told with what to write instead', async () => {
  using certificates = makeCertificates()
  const { cert, key } = certificates.server
  const tlsPort = await freePort()
  const tls = [
    '--tls-port',
    String(tlsPort),
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
    '--tls-ca-cert-file',
    certificates.ca,
  ]
  await using redis = await RedisServer.start(...tls, '--tls-auth-clients', 'no')
  const hint = 'A port with TLS is rediss://, one without is redis://.'
  expect(await rejection(`rediss://127.0.0.1:${tlsPort}`)).toMatchObject({
    code: 'FABRIC_REDIS_UNREACHABLE',
    message: expect.stringMatching(/cannot be reached: .*certificate/) as string,
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
  })
  expect(await rejection(`redis://127.0.0.1:${tlsPort}`)).toMatchObject({ hint })
  await using target = await ScriptedServer.start()
  expect(await rejection(`rediss://${new URL(target.url).host}`)).toMatchObject({
    message: expect.stringMatching(/what answers there speaks no TLS$/) as string,
    hint,
  })
  expect(await rejection(`rediss://127.0.0.1:${redis.port}`)).toMatchObject({ hint: `Nobody answered in time. ${hint}` })
})
