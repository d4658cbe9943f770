import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Makes an empty directory that is removed when its user is over.
 * @param atEnd takes what is to be done then: `onTestFinished` in a test or its hooks, `afterAll` around the tests of a file, `defer` of a stack.
 * @returns its path.
 */
export function temporaryDirectory(atEnd: (remove: () => void) => void): string {
  const directory = mkdtempSync(join(tmpdir(), 'squall-temporary-'))
  atEnd(() => removeDirectory(directory))
  return directory
}

/** Removes a directory with all that lies in it, even while a stream that was just opened, or a process that is just ending, makes one more file. */
export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
}
