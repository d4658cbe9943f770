import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CodedError } from '@squall/errors'
import { findPackFile } from '@squall/pack'

/** Packs that lie on this machine, by the names they may be run by. */
export interface PackShelf {
  /** In order of the alphabet. */
  names(): readonly string[]
  /** @returns the file of a pack; undefined where there is none of that name. */
  find(name: string): string | undefined
}

/** @param directory looked through anew each time: packs may be added while the server runs. */
export function openPackShelf(directory: string): PackShelf {
  const packs = (): ReadonlyMap<string, string> => new Map(readdirSync(directory).toSorted().filter(isShown).flatMap(packAt))
  const packAt = (entry: string): [string, string][] => {
    const file = fileOf(join(directory, entry))
    return file === undefined ? [] : [[entry.replace(packExtension, ''), file]]
  }
  return { names: () => [...packs().keys()], find: (name) => packs().get(name) }
}

/** Kubernetes keeps earlier versions of a volume beside the one that holds, under such names. */
const isShown = (entry: string): boolean => !entry.startsWith('.')

const packExtension = /\.(?:ya?ml|json)$/

/** A folder without a pack, and a file of another kind, such as data, are no packs. */
function fileOf(path: string): string | undefined {
  try {
    const file = findPackFile(path)
    return packExtension.test(extname(file)) ? file : undefined
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
