import { ScriptedServer } from '@squall/testing'
import { stepNames } from '@squall/virtual-client'
import { expect, test } from 'vitest'
import { runArtillery } from './test/artillery-run.ts'

const echo = (text: string): object => ({ callTool: { name: 'echo', arguments: { text } } })

/** Each step at least once, in an order in which each has something to do. */
const flow = [
  { initialize: {} },
  { listTools: {} },
  { listResources: {} },
  { listPrompts: {} },
  { function: 'prepare' },
  echo('{{ word }}'),
  { match: { json: '$.isError', value: false } },
  { capture: { json: '$.content[0].text', as: 'said' } },
  { ifTrue: 'said == "prepared"', steps: [{ readResource: { uri: 'demo://one' } }], else: [{ log: 'never' }] },
  { getPrompt: { name: 'greet' } },
  { complete: { prompt: 'greet', argument: { name: 'city', value: 'Be' } } },
  { subscribe: { uri: 'demo://one' } },
  { reconnect: {} },
  { unsubscribe: { uri: 'demo://one' } },
  { notify: { method: 'notifications/roots/list_changed' } },
  { cancel: { name: 'slow', after: '50ms' } },
  { parallel: [echo('a'), echo('b'), echo('c')] },
  { loop: [{ ping: {} }], count: 2 },
  { mix: [{ weight: 1, callTool: { name: 'echo', arguments: { text: 'mixed' }, progress: true } }] },
  { think: 0.01 },
  { log: '{{ said }} at the end' },
  { pace: 1 },
]

const processor = `module.exports = { prepare: ({ vars }) => { vars.word = 'prepared' } }`

test('every step of a flow runs under stock Artillery [L2]', async () => {
  expect(stepNames.filter((name) => !JSON.stringify(flow).includes(`{"${name}":`))).toEqual([])
  const tools = { echo: ({ text }: Readonly<Record<string, unknown>>) => String(text), slow: () => 'at last' }
  await using server = await ScriptedServer.start({ tools, delayMs: ({ tool }) => (tool === 'slow' ? 5_000 : 0) })
  const { code, printed, counters } = await runArtillery(
    {
      config: {
        target: server.url,
        engines: { mcp: {} },
        processor: './processor.cjs',
        plugins: { ensure: { thresholds: [{ 'mcp.response_time.p99': 60_000 }] } },
        phases: [{ duration: 1, arrivalRate: 2 }],
      },
      scenarios: [{ engine: 'mcp', flow }],
    },
    { 'processor.cjs': processor },
  )
  expect(code, printed).toBe(0)
  expect(counters).toMatchObject({
    'vusers.completed': 2,
    'vusers.failed': 0,
    'mcp.tools.echo.calls': 10,
    'mcp.tools.slow.calls': 2,
    'mcp.methods.tools/list.calls': 2,
    'mcp.methods.resources/list.calls': 2,
    'mcp.methods.resources/read.calls': 2,
    'mcp.methods.resources/subscribe.calls': 2,
    'mcp.methods.resources/unsubscribe.calls': 2,
    'mcp.methods.prompts/list.calls': 2,
    'mcp.methods.prompts/get.calls': 2,
    'mcp.methods.completion/complete.calls': 2,
    'mcp.methods.ping.calls': 4,
  })
  expect(Object.keys(counters).filter((name) => name.startsWith('errors.') || name.endsWith('.failed'))).toEqual([
    'vusers.failed',
  ])
  expect(printed).toContain('prepared at the end')
  expect(server.counts.tools).toEqual(
    new Map([
      ['echo', 10],
      ['slow', 2],
    ]),
  )
}, 180_000)
