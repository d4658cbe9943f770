import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { sampleSnapshot, type SampleCall } from '../test/sample-snapshot.ts'
import { parseExport } from './export-kinds.ts'
import { LiveExport } from './live-export.ts'
import type { NumbersExport } from './numbers-export.ts'

const run = { id: 'r1', pack: 'demo "pack"', target: 'http://h/mcp' }
const context = { squallVersion: '1.2.3', environment: { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b,x-team=load' } }
const seconds: readonly (readonly SampleCall[])[] = [
  [{ ms: 10 }, { ms: 40 }],
  [{ ms: 10, error: 'http.500' }, { tool: 'a,"b"' }],
]

function exportTo(text: string): NumbersExport {
  const parsed = parseExport(text, context)
  if (!('take' in parsed)) throw new Error(parsed.expected)
  return parsed
}

/** Two seconds of two calls each through one export. @param meanwhile what is looked at before the end. */
async function exportRun(target: NumbersExport, meanwhile?: () => Promise<void>): Promise<string[]> {
  const troubles: string[] = []
  const live = new LiveExport({ exports: [target], onTrouble: (text) => troubles.push(text) })
  await live.prepare(run)
  live.begin(1, Date.UTC(2026, 0, 1))
  seconds.forEach((calls, second) => live.take(0, sampleSnapshot(second, calls, 1)))
  await meanwhile?.()
  await live.end()
  return troubles
}

test.each(['x-key=50%,x-team=load', 'x-key=%E4', 'x key=a', 'x-key=a%0Ab'])(
  'headers for a collector that cannot be read are told, without their values: %s',
  (text) => {
    const environment = { OTEL_EXPORTER_OTLP_HEADERS: text }
    const parsed = parseExport('otlp=http://127.0.0.1:4318', { squallVersion: '1', environment })
    expect(parsed).toMatchObject({ expected: expect.stringMatching(/OTEL_EXPORTER_OTLP_HEADERS.*"x.key" is not so/) as string })
    expect(parsed).not.toHaveProperty('value')
  },
)

test('CSV has a line for each second and series, as every reader of CSV takes it', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'deep', 'numbers.csv')
  expect(await exportRun(exportTo(`csv=${path}`))).toEqual([])
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n')
  expect(head).toMatch(/^time,second,method,tool,.*,calls,ok,failed,response_p50_ms,.*,errors$/)
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^2026-01-01T00:00:01\.000Z,0,tools\/call,echo,http_client,streamable-http,,1,2,2,0,\d+\.\d{3},/)
  expect(lines[1]).toMatch(/^2026-01-01T00:00:02\.000Z,1,tools\/call,echo,.*,1,0,1,.*,http\.500=1$/)
  expect(lines[2]).toMatch(/,"a,""b""",/)
})

test('Prometheus scrapes all numbers since the start in its own format, on loopback, until the run ends', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/metrics`
  const target = exportTo(`prometheus=${port}`)
  const troubles = await exportRun(target, async () => {
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    const labels = 'method="tools/call",tool="echo",client_kind="http_client",transport="streamable-http",phase=""'
    expect(text).toContain(`squall_calls_total{${labels},outcome="ok"} 2\n`)
    expect(text).toContain(`squall_calls_total{${labels},outcome="http.500"} 1\n`)
    expect(text).toContain(`squall_service_seconds_bucket{${labels},le="0.025"} 2\n`)
    expect(text).toContain(`squall_service_seconds_bucket{${labels},le="+Inf"} 3\n`)
    expect(text).toContain(`squall_service_seconds_count{${labels}} 3\n`)
    expect(text).toContain(String.raw`tool="a,\"b\""`)
    expect(text).toContain(String.raw`squall_run_info{run="r1",pack="demo \"pack\"",target="http://h/mcp"} 1`)
    expect(text).toContain('squall_clients{client_kind="http_client"} 1\n')
    expect(text).toContain('squall_sessions_opened_total 2\n')
    // Every line is a comment or a sample; every family is described once.
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{.*})? [-+.\de]+)$/)
    const families = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)
    expect(new Set(families).size).toBe(families.length)
    expect((await fetch(`http://127.0.0.1:${port}/else`)).status).toBe(404)
  })
  expect(troubles).toEqual([])
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('an OpenTelemetry collector gets all numbers since the start, with the headers its variable names', async () => {
  const seen: { readonly url: string | undefined; readonly headers: object; readonly body: OtlpRequest }[] = []
  const collector = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk))
    request.on('end', () => {
      // What the export wrote; the assertions below look at its shape.
      seen.push({ url: request.url, headers: request.headers, body: JSON.parse(text) as OtlpRequest })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  onTestFinished(() => void collector.close())
  expect(await exportRun(exportTo(`otlp=http://127.0.0.1:${portOf(collector)}`))).toEqual([])
  const last = seen.at(-1)
  expect(last).toMatchObject({
    url: '/v1/metrics',
    headers: { 'content-type': 'application/json', 'x-key': 'a b', 'x-team': 'load' },
  })
  const [
    {
      resource,
      scopeMetrics: [{ scope, metrics }],
    },
  ] = last?.body.resourceMetrics ?? never()
  expect(resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'squall' } })
  expect(scope).toEqual({ name: 'squall', version: '1.2.3' })
  const calls = metrics.find(({ name }) => name === 'squall.calls')
  expect(calls?.sum).toMatchObject({ aggregationTemporality: 2, isMonotonic: true })
  const start = `${BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n}`
  expect(calls?.sum?.dataPoints[0]).toMatchObject({ asInt: '2', startTimeUnixNano: start })
  const times = metrics.find(({ name }) => name === 'squall.service.duration')?.histogram?.dataPoints[0]
  expect(times).toMatchObject({ count: '3', min: 0.01, max: 0.04 })
  expect(times?.bucketCounts).toHaveLength((times?.explicitBounds.length ?? 0) + 1)
  expect(times?.bucketCounts.reduce((sum, count) => sum + Number(count), 0)).toBe(3)
})

test('an export that fails is told once, with the reason, and the others go on', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'numbers.csv')
  const troubles: string[] = []
  const live = new LiveExport({
    exports: [exportTo(`otlp=http://127.0.0.1:${await freePort()}`), exportTo(`csv=${path}`)],
    onTrouble: (text) => troubles.push(text),
  })
  await live.prepare(run)
  live.begin(1, 0)
  for (let second = 0; second < 5; second++) live.take(0, sampleSnapshot(second, [{}]))
  await live.end()
  expect(troubles).toEqual([expect.stringMatching(/^the export otlp=http:\/\/127.* fails: .*ECONNREFUSED.*; the run goes on$/)])
  expect(readFileSync(path, 'utf8').trimEnd().split('\r\n')).toHaveLength(6)
})

test('a collector that says no, or never answers, is told, and does not hold up the end of the run', async () => {
  const refusing = createServer((_, response) => response.writeHead(401).end()).listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  onTestFinished(() => void refusing.close())
  expect(await exportRun(exportTo(`otlp=http://127.0.0.1:${portOf(refusing)}/own/v1/metrics`))).toMatchObject(
    [/status 401/].map((text) => expect.stringMatching(text) as string),
  )
  const silent = createTcpServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  expect(await exportRun(exportTo(`otlp=http://127.0.0.1:${portOf(silent)}`))).toHaveLength(1)
})

test('an export that cannot begin is exit code 9, before any load, and leaves none open', async () => {
  const port = await freePort()
  const live = new LiveExport({
    exports: [exportTo(`prometheus=127.0.0.1:${port}`), exportTo('csv=/proc/squall/n.csv')],
    onTrouble: () => undefined,
  })
  await expect(live.prepare(run)).rejects.toMatchObject({ code: 'REPORT_EXPORT_NOT_POSSIBLE', exitCode: 9 })
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed')
})

test.each([
  ['cvs=x', { value: 'cvs=x', hint: 'did you mean csv?' }],
  ['csv', { expected: 'csv=FILE' }],
  ['prometheus=here', { expected: expect.stringContaining('prometheus=HOST:PORT') as string }],
  ['prometheus=127.0.0.1:99999', { expected: expect.stringContaining('prometheus=HOST:PORT') as string }],
  ['otlp=grpc://user:pw@h', { value: 'otlp=grpc://***@h', expected: expect.stringContaining('otlp=http') as string }],
])('%s is told in words', (text, problem) => {
  expect(parseExport(text, context)).toMatchObject(problem)
})

interface OtlpRequest {
  readonly resourceMetrics: readonly [
    {
      readonly resource: { readonly attributes: readonly object[] }
      readonly scopeMetrics: readonly [
        {
          readonly scope: object
          readonly metrics: readonly {
            readonly name: string
            readonly sum?: { readonly dataPoints: readonly object[] }
            readonly histogram?: {
              readonly dataPoints: readonly { readonly bucketCounts: string[]; readonly explicitBounds: number[] }[]
            }
          }[]
        },
      ]
    },
  ]
}

function never(): never {
  throw new Error('the collector got nothing')
}

// A server that listens on a port has an address of this kind.
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
