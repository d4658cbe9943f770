import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

export type ServerProcess = ChildProcessByStdio<Writable, Readable, null>

/** The groups of servers that have not ended yet. */
const running = new Set<number>()
let isWatchingExit = false

/**
 * Starts a server in a process group of its own. What it starts in its turn, as a shell or npx does, can be ended with it, and a Ctrl-C in the
 * terminal is not for it. No server outlives this program, unless that is killed.
 */
export function startServer(program: string, args: readonly string[]): ServerProcess {
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true })
  const { pid } = server
  if (pid !== undefined) {
    watchExit()
    running.add(pid)
    server.once('close', () => running.delete(pid))
  }
  return server
}

/** Harmless where nobody of the group is left. */
export function signalServer({ pid }: ServerProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalGroup(pid, signal)
}

function watchExit(): void {
  if (isWatchingExit) return
  isWatchingExit = true
  process.once('exit', () => {
    for (const pid of running) signalGroup(pid, 'SIGKILL')
  })
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is left.
  }
}
