import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import { controllerErrors } from './errors.ts'

/**
 * Takes away what an earlier search or comparison left in a directory that is used again: its runs would pass for those of the new one. Only folders
 * with names of ours are touched.
 * @throws CodedError CONTROLLER_REPORT_DIRECTORY
 */
export async function removeEarlierRuns(directory: string, names: RegExp): Promise<void> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    const ours = entries.filter((entry) => entry.isDirectory() && names.test(entry.name))
    for (const { name } of ours) await rm(join(directory, name), { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    const message = `${directory} cannot be cleared of earlier runs: ${(error as Error).message}`
    throw new CodedError(controllerErrors.CONTROLLER_REPORT_DIRECTORY, { message, cause: error })
  }
}
