import { rmSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CodedError } from '@squall/errors'
import { reportErrors } from './errors.ts'
import { renderHtml } from './html/report-html.ts'
import { renderJunit } from './junit.ts'
import { makeDirectory } from './make-directory.ts'
import { renderMarkdown } from './markdown.ts'
import type { Summary } from './summary.ts'

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
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeReport(directory: string, summary: Summary): Promise<ReportFiles> {
  const root = resolve(directory)
  await makeDirectory(root).catch((error: unknown) => refuse(root, error))
  return {
    summary: await writeWhole(join(root, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`),
    html: await writeWhole(join(root, 'report.html'), await renderHtml(summary)),
    markdown: await writeWhole(join(root, 'report.md'), renderMarkdown(summary)),
    junit: await writeWhole(join(root, 'junit.xml'), renderJunit(summary)),
  }
}

async function writeWhole(path: string, text: string): Promise<string> {
  const draft = `${path}.${process.pid}.tmp`
  // A user who does not want to wait ends the process in the midst of this.
  const leaveNothing = (): void => rmSync(draft, { force: true })
  process.once('exit', leaveNothing)
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    // A draft that cannot be removed either must not hide why it could not be written.
    await rm(draft, { force: true, recursive: true }).catch(() => undefined)
    refuse(path, error)
  } finally {
    process.removeListener('exit', leaveNothing)
  }
  return path
}

function refuse(path: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new CodedError(reportErrors.REPORT_NOT_WRITABLE, { message: `cannot write ${path}: ${reason}`, cause })
}
