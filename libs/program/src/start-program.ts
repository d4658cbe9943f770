import { fork, type ChildProcess } from 'node:child_process'
import { on, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ProgramDidNotStart } from './program-did-not-start.ts'
import { heedPassedSignals, isSignalNotice } from './passed-signals.ts'
import { stopMessage, type ReadyFacts } from './run-program.ts'

export interface StartOptions {
  /** For messages: `snowflake-mcp`. */
  readonly name: string
  /** Its `main.ts`, which calls `runProgram`. */
  readonly entry: URL
  readonly args?: readonly string[]
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** How long it may take to be ready. */
  readonly readyTimeoutMs?: number
  /** Gives up waiting, and ends the program. */
  readonly signal?: AbortSignal
}

/** A program that runs beside this one and ends with it at the latest, even when this one is killed. */
export interface RunningProgram {
  readonly pid: number
  /** Where it listens, as it said when it became ready. */
  readonly url: string
  /** Resolves when it has ended, however. */
  readonly exited: Promise<void>
  hasExited(): boolean
  /** The last lines it printed, for messages about its death. */
  recentOutput(): string
  /** Asks it to stop, and kills it if it has not ended `graceMs` later. */
  stop(graceMs?: number): Promise<void>
}

const defaultReadyTimeoutMs = 60_000
const defaultGraceMs = 3_000
const keptOutputCharacters = 4_000

/**
 * Starts one of the workspace's programs as a child process and waits until it is ready.
 * @throws ProgramDidNotStart with the program's own exit code and last words; the signal's reason.
 */
export async function startProgram(options: StartOptions): Promise<RunningProgram> {
  const child = fork(fileURLToPath(options.entry), [...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
  })
  heedPassedSignals(child)
  const program = supervise(child)
  try {
    const facts = await readyFacts(child, options)
    return { ...program, url: facts.url ?? '' }
  } catch (error) {
    await program.stop(0)
    if (options.signal?.aborted) throw error
    // Only errors are thrown below.
    throw new ProgramDidNotStart(options.name, { exitCode: child.exitCode, lastWords: program.recentOutput() }, error as Error)
  }
}

function supervise(child: ChildProcess): Omit<RunningProgram, 'url'> {
  let output = ''
  const keep = (chunk: string): void => void (output = (output + chunk).slice(-keptOutputCharacters))
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep)
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const stop = async (graceMs = defaultGraceMs): Promise<void> => {
    if (hasExited()) return
    if (child.connected) child.send(stopMessage, () => undefined)
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await exited
    clearTimeout(killer)
  }
  return { pid: child.pid ?? 0, exited, hasExited, recentOutput: () => output, stop }
}

async function readyFacts(
  child: ChildProcess,
  { readyTimeoutMs = defaultReadyTimeoutMs, signal }: StartOptions,
): Promise<ReadyFacts> {
  const settled = new AbortController()
  const limits = [AbortSignal.timeout(readyTimeoutMs), settled.signal, ...(signal ? [signal] : [])]
  const within = { signal: AbortSignal.any(limits) }
  const failed = once(child, 'close', within).then(([code, killedBy]: (number | string | null)[]) => {
    throw new Error(`it ended with ${killedBy === null ? `exit code ${code}` : killedBy}`)
  })
  try {
    return await Promise.race([readyMessage(child, within), failed])
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw (error as Error).name === 'AbortError' ? new Error(`it was not ready within ${readyTimeoutMs / 1000} s`) : error
  } finally {
    settled.abort()
    failed.catch(() => undefined)
  }
}

async function readyMessage(child: ChildProcess, within: { readonly signal: AbortSignal }): Promise<ReadyFacts> {
  for await (const [message] of on(child, 'message', within)) {
    // Its own library sent it; before that it can only have passed a signal up.
    if (!isSignalNotice(message)) return message as ReadyFacts
  }
  throw new Error('its channel ended')
}
