import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { root, run, start, type Started } from './support/programs.ts'
import { expectNothingWrong } from './support/reports.ts'

const everything = `${root}node_modules/.bin/mcp-server-everything`

/** Ends a server, and whatever it started, when the test is over. */
function endAfterwards(server: Started): void {
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await server.ended
  })
}

/** Somebody else's server behind somebody else's gateway. */
async function startGateway(): Promise<string> {
  const port = await freePort()
  const transport = ['--outputTransport', 'ws', '--port', String(port), '--messagePath', '/message']
  const gateway = start('supergateway', ['--stdio', `${everything} stdio`, ...transport], { ownGroup: true })
  endAfterwards(gateway)
  await gateway.printed(/WebSocket endpoint/)
  return `ws://127.0.0.1:${port}/message`
}

async function startOldServer(): Promise<string> {
  const port = await freePort()
  const server = start('mcp-server-everything', ['sse'], { env: { PORT: String(port) }, ownGroup: true })
  endAfterwards(server)
  await server.printed(/listening|running/i)
  return `http://127.0.0.1:${port}/sse`
}

const pack = (transport: string): string => `
config:
  engines: { mcp: {} }
  mcp: { transport: ${transport} }
  squall: { model: closed, clients: 5, spawnRate: 5, duration: 3s, thresholds: ['failed<1%'] }
scenarios:
  - engine: mcp
    flow:
      - listTools: { match: { json: '$.tools[0].name', value: echo } }
      - callTool: { name: echo, arguments: { message: hello }, match: { json: '$.content[0].text', value: 'Echo: hello' } }
      - think: 0.1
`

test.each([
  ['websocket', startGateway],
  ['sse', startOldServer],
] as const)(
  'somebody else’s server is loaded over %s without a failed call',
  { timeout: 90_000 },
  async (transport, startServer) => {
    const target = await startServer()
    const directory = temporaryDirectory(onTestFinished)
    writeFileSync(join(directory, 'pack.yml'), pack(transport))
    const ended = await run('squall', [
      'run',
      join(directory, 'pack.yml'),
      '--target',
      target,
      '--report',
      join(directory, 'report'),
    ])
    const { totals, transports } = expectNothingWrong(ended, join(directory, 'report'))
    expect(totals.calls).toBeGreaterThan(20)
    expect(totals.sessionsOpened).toBe(5)
    expect(Object.keys(transports)).toEqual([transport])
  },
)
