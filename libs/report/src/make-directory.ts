import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory and those around it. Node's own `recursive` never returns where a file system lets nobody make directories,
 * such as /proc: it takes the refusal for a missing parent and tries for ever.
 * @param path absolute.
 * @returns the outermost directory that was made; undefined where all were there.
 * @throws Error of the file system.
 */
export async function makeDirectory(path: string): Promise<string | undefined> {
  if (await isDirectory(path)) return undefined
  const parent = dirname(path)
  const outermost = parent === path ? undefined : await makeDirectory(parent)
  await mkdir(path).catch((error: unknown) => {
    // Another process may have been faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  return outermost ?? path
}

/** @throws Error where something stands in the way that is no directory. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), { code: 'ENOTDIR' })
}
