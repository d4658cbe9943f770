import { ScriptedServer } from '@squall/testing'
import { expect, test } from 'vitest'
import { longestMs, runArtillery } from './test/artillery-run.ts'

const echo = (text: string, more: object = {}): object => ({ callTool: { name: 'echo', arguments: { text }, ...more } })

const processor = `
exports.prepare = async ({ vars, call }) => { vars.heard = (await call('echo', { text: 'asked' })).result.content[0].text }
exports.isLong = (vars) => vars.word.length > 4
exports.fail = () => { throw new Error('no luck') }
`

const flow = [
  { function: 'prepare' },
  echo('{{ heard }}', { ifTrue: 'isLong' }),
  { capture: { regexp: 'ask(ed)', group: 1, as: 'end' } },
  { ifTrue: 'end == "ed"', steps: [{ parallel: [echo('p1'), { ping: {} }, echo('p2')], limit: 2 }], else: [echo('never')] },
  { loop: [echo('{{ $loopCount }} {{ $loopElement }}'), { match: { text: '{{ $loopElement }}' } }], over: ['x', 'y'] },
  { complete: { prompt: 'greet', argument: { name: 'city', value: 'B' } } },
  { subscribe: { uri: 'demo://one' } },
  { unsubscribe: { uri: 'demo://one' } },
  { notify: { method: 'notifications/roots/list_changed' } },
  { cancel: { name: 'echo', arguments: { text: 'c' }, after: 20 } },
  { function: 'fail' },
  echo('never'),
]

test(
  'every step does under stock Artillery what it does under Squall, and every call is counted',
  async () => {
    await using server = await ScriptedServer.start()
    const script = {
      config: {
        target: server.url,
        engines: { mcp: {} },
        processor: './processor.cjs',
        phases: [{ duration: 1, arrivalCount: 2 }],
        variables: { word: 'hello' },
      },
      scenarios: [{ engine: 'mcp', flow }],
    }
    const { counters, printed } = await runArtillery(script, { 'processor.cjs': processor })
    const texts = server.seen
      .filter(({ tool }) => tool === 'echo')
      .map(({ params }) => (params['arguments'] as { text: string }).text)
    expect(texts.toSorted(), printed).toEqual(
      ['0 x', '1 y', 'asked', 'asked', 'c', 'p1', 'p2'].flatMap((text) => [text, text]).toSorted(),
    )
    expect(counters).toMatchObject({
      'vusers.created': 2,
      'vusers.completed': 2,
      'mcp.tools.echo.calls': 14,
      'mcp.methods.completion/complete.calls': 2,
      'mcp.methods.resources/subscribe.calls': 2,
      'mcp.methods.ping.calls': 2,
      'errors.function.failed': 2,
    })
    expect(counters['mcp.tools.echo.failed'] ?? 0).toBe(0)
    expect(printed).toContain('the function fail failed: no luck')
  },
  longestMs,
)
