import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { cores, onCore } from './cores.ts'
import { squallCommand } from './run-squall.ts'

export interface SquallAgent extends AsyncDisposable {
  readonly pid: number
}

export interface AgentSettings {
  /** Of the Redis to wait for work at. */
  readonly fabric: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts `squall agent` with one generator on the core of load, as a user does, and returns when it waits for work. */
export async function startAgent({ fabric, env = {} }: AgentSettings): Promise<SquallAgent> {
  const [command, ...args] = onCore(cores.load, [squallCommand, 'agent', '--fabric', fabric, '--workers', '1'])
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const said: string[] = []
  const waits = Promise.withResolvers<void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line)
    if (line.includes('waits for runs')) waits.resolve()
  })
  await Promise.race([waits.promise, exited.then(() => Promise.reject(new Error(`the agent ended: ${said.join('\n')}`)))])
  return {
    // Shells and `taskset` on the way made way for it.
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
