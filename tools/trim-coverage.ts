// V8 writes what ran of every script of a process, most of which is not ours and would take longer to read and merge than to run.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface ProcessCoverage {
  readonly result: readonly { readonly url: string }[]
}

/**
 * Leaves in each file of raw coverage only what is of the sources of libs and apps.
 * @returns how many processes and test files left their coverage.
 */
export function trimCoverage(directory: string, root: string): number {
  const above = pathToFileURL(join(root, '/')).href
  const isOurs = (url: string): boolean => url.startsWith(above) && /^(?:libs|apps)\/[^/]+\/src\//.test(url.slice(above.length))
  const files = readdirSync(directory).map((name) => join(directory, name))
  for (const file of files) {
    const coverage = parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ result: coverage.result.filter(({ url }) => isOurs(url)) }))
  }
  return files.length
}

/** A process that was killed while it wrote leaves half a file, which proves nothing. */
function parse(text: string): ProcessCoverage {
  try {
    // Written by Node.
    return JSON.parse(text) as ProcessCoverage
  } catch {
    return { result: [] }
  }
}
