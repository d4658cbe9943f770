import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { descendants, isAlive } from './support/processes.ts'
import { root, run, start } from './support/programs.ts'
import { readSummary } from './support/reports.ts'

/** A server somebody else wrote, as its client starts it: over standard streams. */
interface ForeignServer {
  readonly name: string
  readonly commandLine: string
}

const bin = (name: string): string => `${root}node_modules/.bin/${name}`

/** A directory with a file for the filesystem server to show. */
function shelf(): string {
  const directory = temporaryDirectory(onTestFinished)
  mkdirSync(join(directory, 'books'))
  writeFileSync(join(directory, 'books', 'one.txt'), 'once upon a time')
  return directory
}

const servers: Readonly<Record<string, () => ForeignServer>> = {
  everything: () => ({ name: 'everything', commandLine: `${bin('mcp-server-everything')} stdio` }),
  'sequential-thinking': () => ({ name: 'sequential-thinking', commandLine: bin('mcp-server-sequential-thinking') }),
  memory: () => ({
    name: 'memory',
    commandLine: `env MEMORY_FILE_PATH=${join(temporaryDirectory(onTestFinished), 'memory.json')} ${bin('mcp-server-memory')}`,
  }),
  filesystem: () => ({ name: 'filesystem', commandLine: `${bin('mcp-server-filesystem')} ${shelf()}` }),
}

/** Starts a program with everything it starts itself, and ends all of that with the test, by id. */
async function serve(
  command: string,
  args: readonly string[],
  ready: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const started = start(command, args, { env })
  onTestFinished(async () => {
    const family = [...descendants(started.pid), started.pid]
    for (const pid of family.filter(isAlive)) kill(pid)
    await started.ended
  })
  await started.printed(ready)
}

/** What ended by itself in the meantime, such as the child of a gateway that was ended, is what was wanted. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Each way to put a server on a wire, and the target that a client is then given. */
const wires: Readonly<Record<string, (server: ForeignServer) => Promise<string>>> = {
  'standard streams': async ({ commandLine }) => commandLine,
  'its own HTTP': async () => {
    const port = await freePort()
    await serve('mcp-server-everything', ['streamableHttp'], /listening|running/i, { PORT: String(port) })
    return `http://127.0.0.1:${port}/mcp`
  },
  'mcp-proxy': async ({ commandLine }) => {
    const port = await freePort()
    const args = ['--port', String(port), '--host', '127.0.0.1', '--', 'sh', '-c', commandLine]
    await serve('mcp-proxy', args, /start|listen/i)
    return `http://127.0.0.1:${port}/mcp`
  },
  "supergateway's HTTP": async ({ commandLine }) => {
    const port = await freePort()
    const args = ['--stdio', commandLine, '--outputTransport', 'streamableHttp', '--stateful', '--port', String(port)]
    await serve('supergateway', args, /Listening on port/i)
    return `http://127.0.0.1:${port}/mcp`
  },
  "supergateway's WebSocket": async ({ commandLine }) => {
    const port = await freePort()
    await serve('supergateway', ['--stdio', commandLine, '--outputTransport', 'ws', '--port', String(port)], /Listening on port/i)
    return `ws://127.0.0.1:${port}/message`
  },
}

test.each([
  ['everything', 'its own HTTP'],
  ['everything', 'standard streams'],
  ['everything', "supergateway's WebSocket"],
  ['sequential-thinking', 'mcp-proxy'],
  ['sequential-thinking', 'standard streams'],
  ['sequential-thinking', "supergateway's WebSocket"],
  ['memory', "supergateway's HTTP"],
  ['memory', 'standard streams'],
  ['memory', "supergateway's WebSocket"],
  ['filesystem', "supergateway's HTTP"],
  ['filesystem', 'standard streams'],
  ['filesystem', "supergateway's WebSocket"],
])(
  'what init writes for %s over %s is sound and runs',
  async (name, wire) => {
    const server = servers[name]?.()
    const target = server && (await wires[wire]?.(server))
    if (server === undefined || target === undefined) throw new Error(`nobody knows ${name} over ${wire}`)
    const [cwd, report] = [temporaryDirectory(onTestFinished), temporaryDirectory(onTestFinished)]
    const written = await run('squall', ['init', '--target', target, '--out', 'pack'], { cwd })
    expect(written, written.stdout + written.stderr).toMatchObject({ code: 0 })
    const checked = await run('squall', ['check', 'pack', '--target', target], { cwd })
    expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 })
    const args = ['run', 'pack', '--clients', '2', '--duration', '2s', '--report', report]
    const ended = await run('squall', args, { cwd })
    // A busy machine may make it inconclusive; what was measured must be without a fault all the same.
    expect([0, 5], ended.stdout + ended.stderr).toContain(ended.code)
    expect(readSummary(report)).toMatchObject({ totals: { failed: 0 }, errors: {} })
  },
  180_000,
)
