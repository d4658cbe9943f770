import { resolve } from 'node:path'
import { writeWhole } from '../write-whole.ts'
import { renderHistoryHtml } from './history-html.ts'
import type { History } from './history.ts'

/**
 * Writes the page of a history.
 * @param path of the file; its directory is there.
 * @returns the absolute path.
 * @throws CodedError REPORT_NOT_WRITABLE
 */
export async function writeHistory(path: string, history: History): Promise<string> {
  return writeWhole(resolve(path), await renderHistoryHtml(history))
}
