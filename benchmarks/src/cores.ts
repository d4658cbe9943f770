import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The cores on which the two sides of a benchmark run, so that neither is moved about or runs on the other's. */
export const cores = { target: 0, load: 1 } as const

/** Whether processes can be bound to cores here: Linux's `taskset` is there, and at least two cores are. */
export const canPin: boolean = availableParallelism() > 1 && hasTaskset()

/** The command that runs a command on one core, or anywhere where processes cannot be bound. */
export function onCore(core: number, command: readonly [string, ...string[]]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', String(core), ...command] : [...command]
}

/** Binds all threads of a running process to one core. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
