import { join } from 'node:path'
import { BaselineStore, checkBaseline, thisMachine, toBaselineEntry, toHistory } from '@squall/controller'
import { CodedError, exitCodes, nearestName, type ExitCode } from '@squall/errors'
import { renderTextTable, writeComparison, writeHistory } from '@squall/report'
import { systemClock } from '@squall/time'
import { squallErrors } from '../errors.ts'
import { defaultReportDirectory } from '../run/default-report-directory.ts'
import type { BaselineSettings } from '../settings/baseline-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { readSummaries } from './saved-summaries.ts'
import { showComparison } from './show-comparison.ts'

/** `squall baseline save NAME`: adds runs, and draws the history anew. */
export async function saveRuns(name: string, { from, store: directory, isQuiet, isJson }: BaselineSettings): Promise<void> {
  const entries = readSummaries(from).map(toBaselineEntry)
  const store = new BaselineStore(directory)
  const added = await store.add(name, entries)
  const all = await store.read(name)
  const page = await writeHistory(join(directory, `${name}.html`), toHistory(name, all))
  const known = entries.length - added.length
  const facts = { name, added: added.length, known, runs: all.length, page }
  if (isJson) return print(JSON.stringify(facts))
  const told = `${added.length} ${added.length === 1 ? 'run' : 'runs'} added to ${name}${known === 0 ? '' : `, ${known} known already`}; it has ${all.length}`
  print(isQuiet ? told : `${told}\nhistory: ${page}`)
}

/** `squall baseline check NAME`: are new runs slower than those saved? */
export async function checkSavedRuns(name: string, settings: BaselineSettings): Promise<ExitCode> {
  const fresh = readSummaries(settings.from)
  const store = new BaselineStore(settings.store)
  const freshIds = new Set(fresh.map(({ run }) => run.id))
  const saved = (await store.read(name)).filter(({ runId }) => !freshIds.has(runId))
  if (saved.length === 0) throw unknownBaseline(name, await store.list(), settings.store)
  const [first] = fresh
  const comparison = checkBaseline({
    name,
    saved,
    fresh: fresh.map(toBaselineEntry),
    candidate: settings.from.join(', '),
    minimumEffect: settings.minimumEffect,
    run: {
      pack: first?.run.pack ?? name,
      startedAt: first?.run.startedAt ?? new Date(systemClock.wallMs()).toISOString(),
      durationSeconds: fresh.reduce((sum, { run }) => sum + run.durationSeconds, 0),
      squallVersion,
      nodeVersion: process.versions.node,
      machine: thisMachine(),
    },
  })
  const directory = settings.reportDirectory ?? defaultReportDirectory(`${name}-check`, systemClock.wallMs())
  const files = await writeComparison(directory, comparison)
  showComparison(comparison, files.markdown, settings)
  if (comparison.verdict === 'slower') return exitCodes.slowerThanBaseline
  return comparison.verdict === 'inconclusive' ? exitCodes.inconclusive : exitCodes.ok
}

/** `squall baseline list` */
export async function listBaselines({ store: directory, isJson }: BaselineSettings): Promise<void> {
  const store = new BaselineStore(directory)
  const rows = await Promise.all(
    (await store.list()).map(async (name) => {
      const entries = await store.read(name)
      const changes = toHistory(name, entries).series.reduce((sum, series) => sum + series.changes.length, 0)
      return { name, runs: entries.length, newest: entries.at(-1)?.startedAt ?? '', changes }
    }),
  )
  if (isJson) return print(JSON.stringify(rows))
  if (rows.length === 0) return print(`no baselines in ${directory}; squall baseline save NAME --from DIR makes one`)
  const columns = ['baseline', 'runs', 'newest', 'changes of level'].map((title, index) => ({
    title,
    align: index % 2 === 0 ? ('left' as const) : ('right' as const),
  }))
  const cells = rows.map(({ name, runs, newest, changes }) => [name, String(runs), newest, String(changes)])
  print(renderTextTable(columns, cells).join('\n'))
}

function unknownBaseline(name: string, names: readonly string[], directory: string): CodedError {
  const nearest = nearestName(name, names)
  return new CodedError(squallErrors.SQUALL_NO_BASELINE, {
    message: `There is no baseline ${name} in ${directory} to compare with.`,
    ...(nearest !== undefined && nearest !== name && { hint: `Did you mean ${nearest}?` }),
  })
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
