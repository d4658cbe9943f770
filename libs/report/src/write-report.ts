import { join, resolve } from 'node:path'
import { renderHtml } from './html/report-html.ts'
import { renderJunit } from './junit.ts'
import { makeDirectory } from './make-directory.ts'
import { renderMarkdown } from './markdown.ts'
import type { Summary } from './summary.ts'
import { refuseToWrite, writeWhole } from './write-whole.ts'

/** Absolute paths of what was written. */
export interface ReportFiles {
  readonly summary: string
  readonly html: string
  readonly markdown: string
  readonly junit: string
}

/**
 * Writes `summary.json`, `report.html`, `report.md` and `junit.xml`, and makes the directory where it is missing.
 * Each file is written beside its name first and then renamed: whoever looks finds a whole report or the one before.
 * The numbers come first, so that they are safe before anything is drawn.
 * @param earlier a run to be shown beside this one.
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeReport(directory: string, summary: Summary, earlier?: Summary): Promise<ReportFiles> {
  const root = resolve(directory)
  await makeDirectory(root).catch((error: unknown) => refuseToWrite(root, error))
  return {
    summary: await writeWhole(join(root, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`),
    html: await writeWhole(join(root, 'report.html'), await renderHtml(summary, earlier)),
    markdown: await writeWhole(join(root, 'report.md'), renderMarkdown(summary)),
    junit: await writeWhole(join(root, 'junit.xml'), renderJunit(summary)),
  }
}
