import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchMetricsOf } from './fetch-metrics.ts'

async function serve(status: number, length?: number): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(status, length === undefined ? {} : { 'content-length': length })
    response.end(length === undefined ? `asked ${request.url}` : undefined)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  // Of a server that listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const signal = AbortSignal.timeout(20_000)

test('metrics stand beside the target, unless another address is given', async () => {
  const origin = await serve(200)
  expect(await fetchMetricsOf(`${origin}/deep/mcp?x=1`, undefined)?.(signal)).toBe('asked /metrics')
  expect(await fetchMetricsOf(origin.replace('http', 'ws'), undefined)?.(signal)).toBe('asked /metrics')
  expect(await fetchMetricsOf('http://h/mcp', `${origin}/other`)?.(signal)).toBe('asked /other')
})

test('a target that its clients start has none', () => {
  expect(fetchMetricsOf('npx some-server', undefined)).toBeUndefined()
})

test('an answer that is none, and one that is far too long, are errors', async () => {
  await expect(fetchMetricsOf(await serve(404), undefined)?.(signal)).rejects.toThrow('answers 404')
  await expect(fetchMetricsOf(await serve(200, 10_000_000), undefined)?.(signal)).rejects.toThrow('with too much')
})
