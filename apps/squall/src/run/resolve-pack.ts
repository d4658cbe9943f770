import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from '@squall/errors'
import { findPackFile } from '@squall/pack'
import { squallErrors } from '../errors.ts'

/** The folder of the packs that come with Squall. */
export const shippedPacks: string = fileURLToPath(new URL('../../../../artillery/packs', import.meta.url))

/**
 * The path of a pack that was given as a path, or as the name of one that comes with Squall.
 * @throws CodedError SQUALL_NO_SUCH_PACK
 */
export function resolvePack(pack: string): string {
  const names = shippedPackNames()
  // A folder of the same name, such as that of a report, hides a shipped pack only where it holds one itself.
  if (existsSync(pack) && (holdsPack(pack) || !names.includes(pack))) return pack
  if (names.includes(pack)) return join(shippedPacks, pack)
  throw new CodedError(squallErrors.SQUALL_NO_SUCH_PACK, {
    message: `there is no pack at ${pack}, and none of that name comes with Squall`,
    hint: `Give the path of a pack file or of its folder, or one of the names ${names.join(', ')}.`,
  })
}

function holdsPack(path: string): boolean {
  try {
    findPackFile(path)
    return true
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}

/** The packs that come with Squall. */
export function shippedPackNames(): string[] {
  const entries = readdirSync(shippedPacks, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
