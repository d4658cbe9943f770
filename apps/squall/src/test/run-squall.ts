import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Summary } from '@squall/report'
import { temporaryDirectory } from '@squall/testing'
import { onTestFinished, vi } from 'vitest'

const program = fileURLToPath(new URL('../../bin/squall', import.meta.url))

/** `squall` in a directory of its own, as a user runs it from a shell. */
export interface RunningSquall {
  readonly pid: number
  readonly directory: string
  readonly child: ChildProcess
  /** Resolves once it has said this on standard error. */
  said(text: string): Promise<void>
  /** Standard error up to now. */
  saidSoFar(): string
  /** Ids of the processes it started that live now. */
  children(): number[]
  readonly ended: Promise<EndedSquall>
}

export interface EndedSquall {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Of the report directory `report`, where there is one. */
  readonly summary: Summary | undefined
}

export interface SquallOptions {
  readonly files?: Readonly<Record<string, string>>
  /** Instead of a directory of its own. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** What the command line begins with, where it runs on another machine of a lab. */
  readonly through?: readonly string[]
  /** As the leader of a process group, which a terminal signals as a whole. */
  readonly detached?: boolean
}

/** A directory with files that is gone after the test. */
function directoryWith(files: Readonly<Record<string, string>> = {}): string {
  const directory = temporaryDirectory(onTestFinished)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

export function startSquall(
  args: readonly string[],
  { files, cwd, env = {}, through = [], detached = false }: SquallOptions = {},
): RunningSquall {
  const directory = cwd ?? directoryWith(files)
  const [command = program, ...rest] = [...through, program, ...args]
  const child = spawn(command, rest, {
    cwd: directory,
    detached,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (stderr += chunk))
  const pid = child.pid ?? 0
  return {
    pid,
    directory,
    child,
    said: (text) =>
      vi
        .waitUntil(() => stderr.includes(text) || hasEnded(child, `${text} was never said: ${stderr}`), waiting)
        .then(() => undefined),
    saidSoFar: () => stderr,
    children: () => childrenOf(pid),
    ended: once(child, 'close').then(([code]: (number | null)[]) => ({
      code: code ?? null,
      stdout,
      stderr,
      summary: summaryIn(join(directory, 'report')),
    })),
  }
}

/** Runs it to its end. */
export function squall(args: readonly string[], options?: SquallOptions): Promise<EndedSquall> {
  return startSquall(args, options).ended
}

export const waiting = { timeout: 25_000, interval: 20 }

/** True while a process of this id runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function hasEnded(child: ChildProcess, message: string): false {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(message)
  return false
}

function childrenOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([ppid, pid = 0]) => (ppid === parent ? [pid] : []))
}

function summaryIn(directory: string): Summary | undefined {
  const path = join(directory, 'summary.json')
  // Written by the program under test, whose schema is checked where it is made.
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Summary) : undefined
}
