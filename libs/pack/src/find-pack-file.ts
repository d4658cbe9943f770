import { statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { packErrors } from './errors.ts'

const fileNames = ['pack.yml', 'pack.yaml', 'pack.json']

/**
 * The file of a pack that was named by itself or by its folder.
 * @throws CodedError PACK_NOT_FOUND
 */
export function findPackFile(path: string): string {
  const kind = kindOf(path)
  if (kind === 'file') return path
  const inside = kind === 'folder' ? fileNames.map((name) => join(path, name)) : []
  const found = inside.find((file) => kindOf(file) === 'file')
  if (found !== undefined) return found
  const message = kind === 'folder' ? `${path} holds no ${fileNames.join(', ')}` : `there is no pack at ${path}`
  throw new CodedError(packErrors.PACK_NOT_FOUND, { message })
}

/** The name people know a pack by: its folder's for `heavy/pack.yml`, else its own. */
export function packName(file: string): string {
  const whole = resolve(file)
  return fileNames.includes(basename(whole)) ? basename(dirname(whole)) : basename(whole, extname(whole))
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  return found.isDirectory() ? 'folder' : 'file'
}
