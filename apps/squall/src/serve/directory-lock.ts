import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Holds a directory for one process alone. */
export interface DirectoryLock {
  release(): void
}

/** A number may be another process's by now; together with when it began it is not. */
interface Holder {
  readonly pid: number
  readonly began: string
}

/**
 * Takes a file that tells who holds it; one whose holder is gone is nobody's.
 * @returns the id of the process that holds it; or the lock.
 * @throws Error of the file system.
 */
export function lockFile(path: string): DirectoryLock | number {
  const own = { pid: process.pid, began: beganAt(process.pid) ?? '' }
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(path)
    if (holder !== undefined && isThere(holder)) return holder.pid
    rmSync(path, { force: true })
  }
}

/** @returns undefined where the file is gone, or was not written whole. */
function readHolder(path: string): Holder | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined
  } catch {
    return undefined
  }
}

function isThere({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // What may not be signalled is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return (beganAt(pid) ?? began) === began
}

/** In ticks since the machine began; undefined where the system does not say. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
