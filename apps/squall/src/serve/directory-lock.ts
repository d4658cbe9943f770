import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Holds a directory for one process alone. */
export interface DirectoryLock {
  release(): void
}

/** Somebody else holds it: which process, where that is known. */
export interface HeldBy {
  readonly heldBy: number | undefined
}

/** SQLITE_BUSY */
const busyCode = 5

/**
 * Takes a directory. What holds it is the system's own lock on a file, which SQLite takes: of several that ask at once one gets it, also from containers
 * that share nothing but the directory, and it ends with its process however that ends.
 * @throws Error of the file system.
 */
export function lockDirectory(directory: string): DirectoryLock | HeldBy {
  const pidPath = join(directory, 'serve.pid')
  // Nothing else may open that file here: closing it would give up the lock.
  const file = new DatabaseSync(join(directory, 'serve.sqlite'))
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    writeFileSync(pidPath, String(process.pid), { mode: 0o600 })
  } catch (error) {
    file.close()
    if ((error as { readonly errcode?: number }).errcode === busyCode) return { heldBy: readPid(pidPath) }
    throw error
  }
  return {
    release: () => {
      rmSync(pidPath, { force: true })
      file.close()
    },
  }
}

/** @returns undefined where the holder has not written it yet. */
function readPid(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}
