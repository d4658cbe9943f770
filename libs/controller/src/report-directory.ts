import { open, rm, rmdir, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { makeDirectory } from '@squall/report'
import { controllerErrors } from './errors.ts'

/** A directory that is known to take a report of usual size. */
export interface ReportDirectory {
  readonly path: string
  /** Gives the reserved space free, right before the report is written into it. */
  release(): Promise<void>
  /** Leaves things as they were, where nothing was written. */
  discard(): Promise<void>
}

/** More than a report of an hour with many tools takes. */
const usualBytes = 8 * 1024 * 1024
const reserveName = '.space-for-the-report'

/**
 * Makes the directory and keeps room in it, so that a full disk is found before the load and not after it.
 * @param neededBytes how much room; what a usual report takes unless given.
 * @throws CodedError CONTROLLER_REPORT_DIRECTORY
 */
export async function openReportDirectory(directory: string, neededBytes = usualBytes): Promise<ReportDirectory> {
  const path = resolve(directory)
  const reserve = join(path, reserveName)
  // What stands in the way here stands in the way of the report too, which says so.
  const release = (): Promise<void> => rm(reserve, { force: true }).catch(() => undefined)
  let created: string | undefined
  const discard = async (): Promise<void> => {
    await release()
    if (created !== undefined) await removeEmpty(path, created)
  }
  try {
    created = await makeDirectory(path)
    await fill(reserve, neededBytes)
  } catch (cause) {
    await discard().catch(() => undefined)
    const message = `cannot write the report to ${path}: ${(cause as Error).message}`
    throw new CodedError(controllerErrors.CONTROLLER_REPORT_DIRECTORY, { message, cause })
  }
  return { path, release, discard }
}

/**
 * Finds out whether a report could be written, and leaves things as they were.
 * @throws CodedError CONTROLLER_REPORT_DIRECTORY
 */
export async function checkReportDirectory(directory: string): Promise<void> {
  await (await openReportDirectory(directory)).discard()
}

/** Removes a directory and those around it that were made with it, as far as they are empty. */
async function removeEmpty(path: string, outermost: string): Promise<void> {
  for (let directory = path; directory.startsWith(outermost); directory = dirname(directory)) await rmdir(directory)
}

async function fill(path: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  if (bavail * bsize < sizeBytes) throw new Error(`no space: ${megabytes(bavail * bsize)} free, ${megabytes(sizeBytes)} needed`)
  const file = await open(path, 'w')
  try {
    // Written, not truncated to size: a hole takes no space, and a quota shows only now.
    await file.writeFile(Buffer.alloc(sizeBytes))
    await file.sync()
  } finally {
    await file.close()
  }
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
