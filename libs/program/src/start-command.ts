import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { ProgramDidNotStart } from './program-did-not-start.ts'

export interface CommandOptions {
  /** As a user would type it; the shell reads it. */
  readonly command: string
  /** How long it may take to say where it listens. */
  readonly readyTimeoutMs?: number
  /** Gives up waiting, and ends the command. */
  readonly signal?: AbortSignal
}

/** A server that a user's own command started, in a process group of its own. */
export interface RunningCommand {
  /** The first address that it printed. */
  readonly url: string
  hasExited(): boolean
  /** The last lines it printed, for messages about its death. */
  recentOutput(): string
  /** Asks the whole group to stop, and kills it if it has not ended `graceMs` later. */
  stop(graceMs?: number): Promise<void>
}

const defaults = { readyTimeoutMs: 60_000, graceMs: 3_000, keptCharacters: 8_000 } as const
const addressPattern = /https?:\/\/[^\s"'<>)\]]+/

/**
 * Starts a server by a command and waits until it prints the address it listens on, on either stream.
 * @throws ProgramDidNotStart with its exit code and last words; the signal's reason.
 */
export async function startCommand({
  command,
  signal,
  readyTimeoutMs = defaults.readyTimeoutMs,
}: CommandOptions): Promise<RunningCommand> {
  // A group of its own: the shell's children have to end with it.
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit').catch(() => undefined)
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  let output = ''
  const stop = async (graceMs: number = defaults.graceMs): Promise<void> => {
    if (!signalGroup(child, 'SIGTERM')) return
    const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
    await exited
    clearTimeout(killer)
  }
  const leave = (): void => void signalGroup(child, 'SIGKILL')
  process.once('exit', leave)
  void exited.then(() => process.removeListener('exit', leave))
  const address = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output = (output + chunk).slice(-defaults.keptCharacters)
        const [url] = addressPattern.exec(output) ?? []
        // A sentence may end behind it.
        if (url !== undefined) resolve(url.replace(/[.,;:!?]+$/, ''))
      })
  })
  try {
    const url = await withinLimits(address, exited, readyTimeoutMs, signal)
    return { url, hasExited, recentOutput: () => output, stop }
  } catch (error) {
    await stop(0)
    if (signal?.aborted) throw signal.reason
    // Only errors are thrown below.
    // Its exit code is not one of ours.
    throw new ProgramDidNotStart(command, { exitCode: null, lastWords: output }, error as Error)
  }
}

async function withinLimits(
  address: Promise<string>,
  exited: Promise<unknown>,
  readyTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`it printed no address within ${readyTimeoutMs / 1000} s`)),
    readyTimeoutMs,
  )
  const giveUp = (): void => late.reject(new Error('given up'))
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()
  const ended = exited.then(() => {
    throw new Error('it ended before it printed an address')
  })
  try {
    return await Promise.race([address, late.promise, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
    // Whichever did not win must not be an unhandled rejection.
    ended.catch(() => undefined)
    late.promise.catch(() => undefined)
  }
}

/** @returns false where the group is gone. */
function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): boolean {
  if (pid === undefined || exitCode !== null || signalCode !== null) return false
  try {
    return process.kill(-pid, signal)
  } catch {
    // It ended just now.
    return false
  }
}
