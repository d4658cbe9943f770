import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** A program that ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** A program under way, as a user started it. */
export interface Started {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Resolves with what it printed so far, as soon as that matches. @throws Error when it ends, or after a minute, without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Writes to its standard input. */
  write(text: string): void
  endInput(): void
  kill(signal: NodeJS.Signals): void
}

export interface Start {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Its own process group, so that a signal can reach all of it as Ctrl-C does. */
  readonly ownGroup?: boolean
}

const longestWaitMs = 60_000

/**
 * Starts one of the commands that `npm ci` put into `node_modules/.bin`, without npm or npx in between.
 * @param command its name there, or that of any program on the path.
 */
export function start(command: string, args: readonly string[], { cwd = root, env = {}, ownGroup = false }: Start = {}): Started {
  const startedAt = performance.now()
  const ours = `${root}node_modules/.bin/${command}`
  const child = spawn(existsSync(ours) ? ours : command, args, {
    cwd,
    detached: ownGroup,
    env: { ...process.env, ...env },
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (output[name] += chunk))
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    const seconds = (performance.now() - startedAt) / 1000
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...output, seconds }
  })
  return {
    pid: child.pid ?? 0,
    ended,
    printed: (pattern) => untilPrinted(child, pattern, () => output.stdout + output.stderr),
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    kill: (signal) => void (ownGroup ? process.kill(-(child.pid ?? 0), signal) : child.kill(signal)),
  }
}

/** Runs a command to its end. */
export const run = (command: string, args: readonly string[], options?: Start): Promise<Ended> =>
  start(command, args, options).ended

function untilPrinted(child: ChildProcess, pattern: RegExp, printed: () => string): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const give = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    const timer = setTimeout(() => give(new Error(`${String(pattern)} was not printed in time:\n${printed()}`)), longestWaitMs)
    const look = (): void => {
      const match = pattern.exec(printed())
      if (!match) return
      clearTimeout(timer)
      resolve(match)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('close', () => give(new Error(`it ended without printing ${String(pattern)}:\n${printed()}`)))
    look()
  })
}
