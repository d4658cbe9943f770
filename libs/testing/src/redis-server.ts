import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, sleep } from '@squall/time'
import { freePort } from './free-port.ts'
import { removeDirectory } from './temporary-directory.ts'

/** Another program than Debian's may stand in for it: a Valkey, say. */
const program = process.env['SQUALL_TEST_REDIS'] ?? 'redis-server'

/** A real Redis on a free port of loopback, which keeps on disk what it was told, as one for a fabric should. */
export class RedisServer implements AsyncDisposable {
  readonly port: number
  readonly #options: readonly string[]
  readonly #directory = mkdtempSync(join(tmpdir(), 'squall-redis-'))
  #process: ChildProcess | undefined

  private constructor(port: number, options: readonly string[]) {
    this.port = port
    this.#options = options
  }

  /** @param options beside, or instead of, those that a fabric wants, such as `--requirepass x`. */
  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Begins anew with what the one before kept. */
  async start(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory]
    const usual = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction']
    const child = spawn(program, [...place, ...usual, ...this.#options], { stdio: 'ignore' })
    this.#process = child
    let failure: Error | undefined
    child.once('error', (error) => void (failure = error))
    while (!(await answers(this.port))) {
      if (failure !== undefined || child.exitCode !== null) throw failure ?? new Error(`${program} ended at once`)
      await sleep(systemClock, 20)
    }
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    removeDirectory(this.#directory)
  }
}

/** Whether it answers and has read what it kept, if only to ask for a password. */
async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [reply] = (await once(socket, 'data')) as [Buffer]
    return /^\+PONG|^-NOAUTH/.test(reply.toString())
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
