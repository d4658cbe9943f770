import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from '@squall/errors'
import { squallErrors } from '../errors.ts'

const shippedPacks = fileURLToPath(new URL('../../../../artillery/packs', import.meta.url))

/**
 * The path of a pack that was given as a path, or as the name of one that comes with Squall.
 * @throws CodedError SQUALL_NO_SUCH_PACK
 */
export function resolvePack(pack: string): string {
  if (existsSync(pack)) return pack
  const names = shippedPackNames()
  if (names.includes(pack)) return join(shippedPacks, pack)
  throw new CodedError(squallErrors.SQUALL_NO_SUCH_PACK, {
    message: `there is no pack at ${pack}, and none of that name comes with Squall`,
    hint: `Give the path of a pack file or of its folder, or one of the names ${names.join(', ')}.`,
  })
}

/** The packs that come with Squall. */
export function shippedPackNames(): string[] {
  const entries = readdirSync(shippedPacks, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
