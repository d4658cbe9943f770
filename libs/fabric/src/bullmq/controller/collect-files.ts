import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import type { LoadPlan } from '@squall/load-plan'
import type { Announcement, TravellingFile } from '@squall/load-protocol'

/** The program files of a plan, as they travel. */
export interface CollectedFiles extends Pick<Announcement, 'files' | 'processor'> {
  readonly contents: ReadonlyMap<TravellingFile['sha256'], Buffer>
}

/**
 * Finds what a plan's processor consists of: its file, what that requires or imports by a relative path, and the package.json that says how to read it.
 * Packages from npm do not travel, and neither do files that are opened while it runs.
 */
export function collectFiles({ processor }: Pick<LoadPlan, 'processor'>): CollectedFiles {
  if (processor === undefined) return { files: [], contents: new Map() }
  const found = new Map<string, Buffer>()
  follow(processor, found)
  const manifest = join(dirname(processor), 'package.json')
  if (existsSync(manifest)) found.set(manifest, readFileSync(manifest))
  const base = commonFolder([...found.keys()])
  const contents = new Map<string, Buffer>()
  const files = Array.from(found, ([path, content]) => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    contents.set(sha256, content)
    return { path: toRelative(base, path), sha256 }
  })
  return { files, processor: toRelative(base, processor), contents }
}

const importPattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

function follow(path: string, found: Map<string, Buffer>): void {
  if (found.has(path)) return
  const content = readFileSync(path)
  found.set(path, content)
  if (!/\.[cm]?[jt]s$/.test(path)) return
  for (const [, , specifier = ''] of content.toString().matchAll(importPattern)) {
    const next = resolveFrom(path, specifier)
    if (next !== undefined) follow(next, found)
  }
}

/** What only looks like an import, in a comment say, leads nowhere. */
function resolveFrom(path: string, specifier: string): string | undefined {
  try {
    return createRequire(path).resolve(specifier)
  } catch {
    return undefined
  }
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? sep)
  while (!paths.every((path) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) folder = dirname(folder)
  return folder
}

const toRelative = (base: string, path: string): string => relative(base, path).split(sep).join('/')
