import { join } from 'node:path'
import { CodedError, type Problem } from '@squall/errors'
import { writeReport, type Summary } from '@squall/report'
import { squallErrors } from '../errors.ts'
import { readSummary } from '../regression/read-summary.ts'

/**
 * Draws a report again from its numbers.
 * @param against an earlier run to be shown beside it.
 * @throws CodedError SQUALL_NO_RUNS with every directory that has no summary, REPORT_NOT_WRITABLE
 */
export async function renderAgain(directory: string, { against }: { readonly against?: string }): Promise<void> {
  const problems: Problem[] = []
  const read = (where: string, value: string): Summary | undefined => {
    const summary = readSummary(join(value, 'summary.json'))
    if (summary === undefined)
      problems.push({ where, value, expected: 'a report directory with the summary.json of this version of squall run' })
    return summary
  }
  const summary = read('the report directory', directory)
  const earlier = against === undefined ? undefined : read('--against', against)
  if (summary === undefined || problems.length > 0) throw new CodedError(squallErrors.SQUALL_NO_RUNS, { problems })
  const { html } = await writeReport(directory, summary, earlier)
  process.stdout.write(`report: ${html}\n`)
}
