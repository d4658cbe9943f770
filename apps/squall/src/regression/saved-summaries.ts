import { globSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, type Problem } from '@squall/errors'
import type { Summary } from '@squall/report'
import { squallErrors } from '../errors.ts'
import { readSummary } from './read-summary.ts'

/**
 * The runs of report directories, and of directories that hold several, oldest first. Runs that were stopped or whose generator was strained say
 * nothing of the server and are left out.
 * @throws CodedError SQUALL_NO_RUNS with every directory that holds none, and every file that is no summary.
 */
export function readSummaries(directories: readonly string[]): Summary[] {
  const problems: Problem[] = []
  const summaries = directories.flatMap((directory) => {
    const paths = globSync('**/summary.json', { cwd: directory }).map((path) => join(directory, path))
    if (paths.length === 0)
      problems.push({ where: '--from', value: directory, expected: 'a directory with the summary.json of a run in it' })
    return paths.flatMap((path) => readSummary(path) ?? refuse(path, problems))
  })
  if (problems.length > 0) throw new CodedError(squallErrors.SQUALL_NO_RUNS, { problems })
  // Directories may hold each other; a run that counted twice would make chance look like evidence.
  const runs = [...new Map(summaries.map((summary) => [summary.run.id, summary])).values()]
  const usable = runs.filter(({ verdict, generator }) => verdict !== 'stopped' && !generator.saturated)
  if (usable.length === 0)
    throw new CodedError(squallErrors.SQUALL_NO_RUNS, {
      message: `None of the ${runs.length} runs counts: they were stopped, or the generator was strained.`,
    })
  return usable.toSorted((a, b) => Date.parse(a.run.startedAt) - Date.parse(b.run.startedAt))
}

function refuse(path: string, problems: Problem[]): [] {
  problems.push({ where: path, expected: 'a summary.json as this version of squall run writes it' })
  return []
}
