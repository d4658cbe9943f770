import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** True while a process of this id runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The ids that the demo generators left in a folder, by shard. */
export function pidsIn(directory: string): number[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.pid'))
  return files.toSorted().map((name) => Number(readFileSync(join(directory, name), 'utf8')))
}
