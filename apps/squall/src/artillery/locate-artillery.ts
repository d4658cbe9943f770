import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { squallErrors } from '../errors.ts'

/**
 * The program of the stock Artillery that is installed beside the pack, or in one of further places: where the user stands, and beside Squall.
 * Squall does not bring it: it is a hundred times its size.
 * @throws CodedError SQUALL_NO_ARTILLERY
 */
export function locateArtillery(packFile: string, further: readonly string[] = [process.cwd(), import.meta.dirname]): string {
  for (const place of [dirname(resolve(packFile)), ...further]) {
    const program = resolveFrom(place)
    if (program !== undefined) return program
  }
  throw new CodedError(squallErrors.SQUALL_NO_ARTILLERY)
}

function resolveFrom(place: string): string | undefined {
  try {
    return join(createRequire(join(place, 'any.js')).resolve(`${packageName}/package.json`), '../bin/run')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

// Not a dependency: whoever wants it installs it.
const packageName = 'artillery'
