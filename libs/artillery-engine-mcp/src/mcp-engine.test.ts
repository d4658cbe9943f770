import { ScriptedServer } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { longestMs, runArtillery } from './test/artillery-run.ts'

async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start()
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

const echo = { callTool: { name: 'echo', arguments: { text: '{{ word }}' } } }

const scriptFor = (target: string, flow: readonly unknown[], config: object = {}): object => ({
  config: {
    target,
    engines: { mcp: {} },
    plugins: { 'metrics-by-endpoint': { useOnlyRequestNames: true } },
    phases: [{ duration: 2, arrivalRate: 5 }],
    variables: { word: 'hello' },
    ...config,
  },
  scenarios: [{ name: 'echo', engine: 'mcp', flow }],
})

test(
  'stock Artillery drives virtual clients, and its numbers equal what the server counted',
  async () => {
    const server = await startServer()
    const { code, counters, summaries, printed } = await runArtillery(
      scriptFor(server.url, [{ listTools: {} }, { loop: [echo], count: 3 }]),
    )
    expect(code, printed).toBe(0)
    expect(counters).toMatchObject({
      'vusers.created': 10,
      'vusers.completed': 10,
      'vusers.failed': 0,
      'mcp.tools.echo.calls': 30,
      'mcp.sessions_opened': 10,
      'plugins.metrics-by-endpoint.echo.codes.200': 30,
      'plugins.metrics-by-endpoint.tools/list.codes.200': 10,
    })
    expect(summaries['plugins.metrics-by-endpoint.response_time.echo']).toMatchObject({ count: 30 })
    expect(summaries['mcp.tools.echo.response_time']).toMatchObject({ count: 30 })
    expect(server.counts.tools.get('echo')).toBe(30)
    const texts = server.seen.filter(({ method }) => method === 'tools/call').map(({ params }) => params['arguments'])
    expect(texts).toEqual(Array.from({ length: 30 }, () => ({ text: 'hello' })))
  },
  longestMs,
)

test(
  'a target that cannot be reached fails every virtual user, and Artillery ends by itself',
  async () => {
    const { counters } = await runArtillery(scriptFor('http://127.0.0.1:1/mcp', [echo]))
    expect(counters).toMatchObject({ 'vusers.created': 10, 'vusers.failed': 10, 'errors.transport.refused': 10 })
    expect(counters['plugins.metrics-by-endpoint.initialize.errors.transport.refused']).toBe(10)
  },
  longestMs,
)

test(
  'a closed pack without phases is refused with a message that says how to run it',
  async () => {
    const server = await startServer()
    const script = scriptFor(server.url, [echo], { phases: undefined, squall: { model: 'closed', clients: 5, duration: '10s' } })
    const { code, printed, counters } = await runArtillery(script)
    expect(code).toBe(2)
    expect(printed).toContain('Run it with `squall run PACK`')
    expect(printed).toContain('[ENGINE_PACK_IS_CLOSED]')
    expect(counters).toMatchObject({ 'errors.ENGINE_PACK_IS_CLOSED': 1, 'vusers.failed': 1 })
    expect(server.seen).toEqual([])
  },
  longestMs,
)
