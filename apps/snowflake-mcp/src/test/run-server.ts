// Runs the real program, as a user would from a shell, for tests.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../bin/snowflake-mcp', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningServer {
  readonly child: ChildProcessWithoutNullStreams
  /** Of the MCP endpoint. */
  readonly url: string
  /** Of the embedded Snowflake's process. */
  readonly embeddedPid: () => Promise<number>
  readonly output: () => Omit<Ended, 'code'>
  /** Sends SIGTERM and waits for the end. */
  readonly stop: () => Promise<Ended>
  readonly ended: Promise<Ended>
}

/** The environment of this process without any setting of the server. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settingPattern.test(name)))
}

// Where the sample data is kept is no setting of a test: made once, it serves all.
const settingPattern = /^(?:SNOWFLAKE_(?!LOCAL_DATA)|SQUALL_MCP_)/

interface Spawned {
  readonly child: ChildProcessWithoutNullStreams
  readonly output: () => Omit<Ended, 'code'>
  readonly ended: Promise<Ended>
}

function spawnServer(args: readonly string[], env: NodeJS.ProcessEnv): Spawned {
  const child = spawn(program, args, { env: { ...cleanEnvironment(), ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const output = (): Omit<Ended, 'code'> => ({ stdout, stderr })
  // A process that closes says its exit code, or null where a signal ended it.
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output() }))
  return { child, output, ended }
}

/** Runs the server to its end. */
export function runToEnd(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return spawnServer(args, env).ended
}

/** Starts the server on a free port and waits until it listens. */
export async function startServer(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<RunningServer> {
  const { child, output, ended } = spawnServer(['--port', '0', ...args], env)
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', () => {
      const found = /^snowflake-mcp listening on (\S+)/.exec(output().stderr)?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(({ stderr }) => reject(new Error(`the server did not start:\n${stderr}`)))
  })
  const stop = (): Promise<Ended> => {
    child.kill('SIGTERM')
    return ended
  }
  return { child, url, output, ended, stop, embeddedPid: () => readEmbeddedPid(url) }
}

async function readEmbeddedPid(url: string): Promise<number> {
  const reply = await fetch(new URL('/status', url))
  const { backend } = (await reply.json()) as { readonly backend: { readonly detail: string } }
  return Number(/process (\d+)/.exec(backend.detail)?.[1])
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
