import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The cores on which the two sides of a benchmark run, so that neither is moved about or runs on the other's. */
export const cores = { target: 0, load: 1 } as const

/** Linux's `taskset` is there, and at least two cores are. */
const canBind = availableParallelism() > 1 && hasTaskset()
let isWanted = true

/** Whether what is started from now on is bound to a core. */
export const isBound = (): boolean => isWanted && canBind

/**
 * From now on processes run where the system puts them. What waits for the clock needs that: on one core, the threads that collect garbage
 * and those of other processes stand in the way of the one that makes load.
 */
export function bindNothing(): void {
  isWanted = false
}

/** The command that runs a command on one core, or anywhere where processes cannot be bound. */
export function onCore(core: number, command: readonly [string, ...string[]]): [string, ...string[]] {
  return isBound() ? ['taskset', '-c', String(core), ...command] : [...command]
}

/** Binds all threads of a running process to one core. */
export function pin(pid: number, core: number): void {
  if (isBound()) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
