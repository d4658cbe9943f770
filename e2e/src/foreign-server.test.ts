import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, RecordingProxy, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { run, start } from './support/programs.ts'
import { expectNothingWrong } from './support/reports.ts'

/** Starts the MCP project's own demonstration server. */
async function startEverything(): Promise<string> {
  const port = await freePort()
  const server = start('mcp-server-everything', ['streamableHttp'], { env: { PORT: String(port) } })
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await server.ended
  })
  await server.printed(/listening|running/i)
  return `http://127.0.0.1:${port}/mcp`
}

const echoPack = (target: string): string => `
config:
  target: ${target}
  engines: { mcp: {} }
  squall: { model: closed, clients: 20, spawnRate: 20, duration: 5s, thresholds: ['failed<1%'] }
scenarios:
  - engine: mcp
    weight: 2
    mcp: { clientKind: vscode }
    flow:
      - callTool: { name: echo, arguments: { message: 'hello {{ $randomNumber(1, 9) }}' }, match: { json: '$.isError', value: false } }
      - think: { min: 0.05, max: 0.2 }
  - engine: mcp
    weight: 1
    mcp: { clientKind: claude_code }
    flow:
      - callTool: { name: get-sum, arguments: { a: 1, b: 2 } }
      - think: 0.1
`

test("somebody else's server gets the calls that the report says, to the call", async () => {
  await using proxy = await RecordingProxy.start(await startEverything())
  const directory = temporaryDirectory(onTestFinished)
  writeFileSync(join(directory, 'pack.yml'), echoPack(proxy.url))
  const ended = await run('squall', ['run', join(directory, 'pack.yml'), '--report', join(directory, 'report')])
  const { totals, tools } = expectNothingWrong(ended, join(directory, 'report'))
  expect(totals.calls).toBeGreaterThan(100)
  expect(totals.calls).toBe(proxy.counts.toolCalls)
  expect(tools['echo']?.calls).toBe(proxy.counts.tools.get('echo'))
  expect(tools['get-sum']?.calls).toBe(proxy.counts.tools.get('get-sum'))
}, 60_000)
