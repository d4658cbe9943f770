import { join, resolve } from 'node:path'
import { makeDirectory } from '../make-directory.ts'
import { refuseToWrite, writeWhole } from '../write-whole.ts'
import { renderCapacityHtml } from './capacity-html.ts'
import { renderCapacityMarkdown } from './capacity-markdown.ts'
import type { Capacity } from './capacity.ts'

/** Absolute paths of what was written. */
export interface CapacityFiles {
  readonly capacity: string
  readonly html: string
  readonly markdown: string
}

/**
 * Writes `capacity.json`, `capacity.html` and `capacity.md`, the numbers first.
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeCapacity(directory: string, capacity: Capacity): Promise<CapacityFiles> {
  const root = resolve(directory)
  await makeDirectory(root).catch((error: unknown) => refuseToWrite(root, error))
  return {
    capacity: await writeWhole(join(root, 'capacity.json'), `${JSON.stringify(capacity, undefined, 2)}\n`),
    html: await writeWhole(join(root, 'capacity.html'), await renderCapacityHtml(capacity)),
    markdown: await writeWhole(join(root, 'capacity.md'), renderCapacityMarkdown(capacity)),
  }
}
