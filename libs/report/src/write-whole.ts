import { rmSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { CodedError } from '@squall/errors'
import { reportErrors } from './errors.ts'

/**
 * Writes a file beside its name and then renames it.
 * @returns the path.
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeWhole(path: string, text: string): Promise<string> {
  const draft = `${path}.${process.pid}.tmp`
  // A user who does not want to wait ends the process in the midst of this.
  const leaveNothing = (): void => rmSync(draft, { force: true })
  process.once('exit', leaveNothing)
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    // A draft that cannot be removed either must not hide why it could not be written.
    await rm(draft, { force: true, recursive: true }).catch(() => undefined)
    refuseToWrite(path, error)
  } finally {
    process.removeListener('exit', leaveNothing)
  }
  return path
}

/** @throws CodedError REPORT_NOT_WRITABLE */
export function refuseToWrite(path: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new CodedError(reportErrors.REPORT_NOT_WRITABLE, { message: `cannot write ${path}: ${reason}`, cause })
}
