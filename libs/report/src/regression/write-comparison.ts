import { join, resolve } from 'node:path'
import { makeDirectory } from '../make-directory.ts'
import { refuseToWrite, writeWhole } from '../write-whole.ts'
import { renderComparisonJunit } from './comparison-junit.ts'
import { renderComparisonMarkdown } from './comparison-markdown.ts'
import type { Comparison } from './comparison.ts'

/** Absolute paths of what was written. */
export interface ComparisonFiles {
  readonly comparison: string
  readonly markdown: string
  readonly junit: string
}

/**
 * Writes `comparison.json`, `comparison.md` and `junit.xml`, the numbers first.
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeComparison(directory: string, comparison: Comparison): Promise<ComparisonFiles> {
  const root = resolve(directory)
  await makeDirectory(root).catch((error: unknown) => refuseToWrite(root, error))
  return {
    comparison: await writeWhole(join(root, 'comparison.json'), `${JSON.stringify(comparison, undefined, 2)}\n`),
    markdown: await writeWhole(join(root, 'comparison.md'), renderComparisonMarkdown(comparison)),
    junit: await writeWhole(join(root, 'junit.xml'), renderComparisonJunit(comparison)),
  }
}
