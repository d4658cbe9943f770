import { ScriptedServer, type ScriptedServerOptions } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { runArtillery } from './test/artillery-run.ts'
import { PushGateway } from './test/push-gateway.ts'

async function startServer(options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(options)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

const echo = (keys: object = {}): object => ({ callTool: { name: 'echo', arguments: { text: 'hello' }, ...keys } })

/** Three virtual users in one second; what Artillery adds to a run is most of its time. */
const scriptFor = (target: string, flow: readonly unknown[], config: object): object => ({
  config: { target, engines: { mcp: {} }, phases: [{ duration: 1, arrivalRate: 3 }], ...config },
  scenarios: [{ name: 'echo', engine: 'mcp', flow }],
})

test('all plugins do their work with MCP calls [L2]', async () => {
  // Slow enough for a second of `tolerated` answers, and none that frustrates.
  const server = await startServer({ delayMs: ({ params }) => (JSON.stringify(params).includes('slow') ? 300 : 0) })
  await using gateway = await PushGateway.start()
  const script = scriptFor(
    server.url,
    [
      echo({
        expect: [
          { statusCode: 200 },
          { contentType: 'json' },
          { hasProperty: 'content[0].text' },
          { equals: ['{{ said }}', 'hello'] },
        ],
        capture: { json: '$.content[0].text', as: 'said' },
      }),
      echo(),
    ],
    {
      plugins: {
        expect: { outputFormat: 'silent' },
        apdex: { threshold: 60_000 },
        ensure: {
          thresholds: [{ 'mcp.response_time.p99': 60_000 }],
          conditions: [{ expression: 'mcp.tools.echo.calls == 6' }],
        },
        'metrics-by-endpoint': { useOnlyRequestNames: true },
        'publish-metrics': [{ type: 'prometheus', pushgateway: gateway.url, prefix: 'load' }],
      },
    },
  )
  const { code, printed, counters, summaries } = await runArtillery(script)
  expect(code, printed).toBe(0)
  expect(counters).toMatchObject({
    'vusers.completed': 3,
    'plugins.expect.ok': 12,
    'plugins.expect.ok.statusCode': 3,
    'plugins.expect.ok.contentType': 3,
    'plugins.expect.ok.hasProperty': 3,
    'plugins.expect.ok.equals': 3,
    'apdex.satisfied': 9,
    'apdex.tolerated': 0,
    'apdex.frustrated': 0,
    'plugins.metrics-by-endpoint.echo.codes.200': 6,
    'plugins.metrics-by-endpoint.initialize.codes.200': 3,
  })
  expect(counters['plugins.expect.failed']).toBeUndefined()
  expect(printed).toContain('ok: mcp.response_time.p99 < 60000')
  expect(printed).toContain('ok: mcp.tools.echo.calls == 6')
  expect(printed).toContain('Apdex score: 1 (excellent)')
  expect(summaries['mcp.tools.echo.response_time']).toMatchObject({ count: 6 })
  expect(gateway.pushed.at(-1)).toContain('load_counters{metric="mcp_tools_echo_calls"} 6')
  expect(gateway.pushed.at(-1)).toMatch(/load_summaries\{metric="mcp_response_time_p99"\} [\d.]+/)
}, 180_000)

test('ensure fails a run on mcp.response_time.p99', async () => {
  const server = await startServer({ delayMs: () => 20 })
  const { code, printed, counters } = await runArtillery(
    scriptFor(server.url, [echo()], { plugins: { ensure: { thresholds: [{ 'mcp.response_time.p99': 5 }] } } }),
  )
  expect(printed).toContain('fail: mcp.response_time.p99 < 5')
  expect(code, printed).toBe(1)
  expect(counters).toMatchObject({ 'vusers.completed': 3, 'mcp.tools.echo.calls': 3 })
}, 180_000)

test('a failed expectation is counted, ends its virtual user where it is to count as an error, and decides the exit code', async () => {
  const server = await startServer()
  const { code, printed, counters } = await runArtillery(
    scriptFor(server.url, [echo({ expect: { matchesRegexp: 'nobody says this' } }), echo()], {
      plugins: {
        expect: { reportFailuresAsErrors: true, useOnlyRequestNames: true },
        'metrics-by-endpoint': { useOnlyRequestNames: true },
      },
    }),
  )
  expect(code, printed).toBe(21)
  expect(counters).toMatchObject({
    'plugins.expect.failed': 3,
    'plugins.expect.failed.matchesRegexp': 3,
    'errors.Failed expectations for request echo': 3,
    'vusers.failed': 3,
    'mcp.tools.echo.calls': 3,
  })
  // As under Artillery's own engines, hooks after one that failed are not called.
  expect(counters['plugins.metrics-by-endpoint.echo.codes.200']).toBeUndefined()
  expect(printed).toContain('not ok')
  expect(server.counts.toolCalls).toBe(3)
  expect(server.endedSessions).toBe(3)
}, 180_000)
