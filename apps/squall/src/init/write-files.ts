import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { makeDirectory } from '@squall/report'
import { squallErrors } from '../errors.ts'

/**
 * Writes files into a directory that is made where it is missing.
 * @param mayReplace whether files of these names may be there already; if not, none is written where one is.
 * @throws CodedError SQUALL_WOULD_OVERWRITE, SQUALL_NOT_WRITABLE
 */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>, mayReplace: boolean): Promise<void> {
  const there = Object.keys(files).filter((name) => existsSync(join(directory, name)))
  if (there.length > 0 && !mayReplace)
    throw new CodedError(squallErrors.SQUALL_WOULD_OVERWRITE, {
      message: `${there.map((name) => join(directory, name)).join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already`,
    })
  try {
    await makeDirectory(resolve(directory))
    for (const [name, text] of Object.entries(files))
      await writeFile(join(directory, name), text, { flag: mayReplace ? 'w' : 'wx' })
  } catch (cause) {
    throw new CodedError(squallErrors.SQUALL_NOT_WRITABLE, {
      message: `cannot write into ${directory}: ${(cause as Error).message}`,
      cause,
    })
  }
}
