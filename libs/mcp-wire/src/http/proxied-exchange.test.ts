import { expect, test } from 'vitest'
import type { HttpSink } from './http-exchange.ts'
import { ProxiedExchange } from './proxied-exchange.ts'

/** An exchange by a proxy that is not there; what its sink hears is kept. */
function send(headers: readonly string[]) {
  const exchange = new ProxiedExchange('http://127.0.0.1:1', {
    keepAlive: true,
    connectTimeoutMs: 1_000,
    proxyUrl: 'http://127.0.0.1:1',
  })
  const heard = Promise.withResolvers<Error>()
  const sink: HttpSink = {
    onWritten: () => undefined,
    onHead: () => undefined,
    onChunk: () => undefined,
    onEnd: () => undefined,
    onFailure: heard.resolve,
  }
  const running = exchange.send({ verb: 'POST', path: '/mcp', headers, body: '{}' }, sink)
  return { exchange, running, failure: heard.promise }
}

test('what undici refuses before it begins fails the request, and nothing else', async () => {
  const { exchange, failure } = send(['proxy-authorization', 'Basic eA=='])
  expect((await failure).message).toContain('Proxy-Authorization')
  await exchange.close()
})

test('a request that is given up before undici is loaded is not sent', async () => {
  const { exchange, running, failure } = send([])
  running.abort()
  await exchange.close()
  const heard = await Promise.race([failure, new Promise((resolve) => setTimeout(resolve, 200))])
  expect(heard).toBe(undefined)
})
