import {
  checkReportDirectory,
  compareTargets,
  thisMachine,
  toComparison,
  type ComparedRun,
  type TargetComparison,
} from '@squall/controller'
import { CodedError, exitCodes, renderError, type ExitCode } from '@squall/errors'
import { createLocalFabric } from '@squall/fabric'
import { findPackFile, loadPack } from '@squall/pack'
import { writeComparison, type Comparison } from '@squall/report'
import { seededRandom, systemClock } from '@squall/time'
import { squallErrors } from '../errors.ts'
import { createConsole, type Console } from '../run/console.ts'
import { defaultReportDirectory } from '../run/default-report-directory.ts'
import { probeTarget } from '../run/probe-target.ts'
import { resolvePack } from '../run/resolve-pack.ts'
import type { CompareSettings } from '../settings/compare-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { showComparison } from './show-comparison.ts'
import { startSide } from './start-side.ts'

const generator = new URL('../generator.ts', import.meta.url)

const exitCodesOf: Readonly<Record<Comparison['verdict'], ExitCode>> = {
  same: exitCodes.ok,
  faster: exitCodes.ok,
  slower: exitCodes.slowerThanBaseline,
  inconclusive: exitCodes.inconclusive,
}

/**
 * Runs a pack on two servers in turn and tells whether one is slower.
 * @throws CodedError for everything that is wrong before load begins.
 */
export async function comparePack(pack: string, settings: CompareSettings, stopping: AbortSignal): Promise<ExitCode> {
  const loaded = loadPack({
    path: findPackFile(resolvePack(pack)),
    environment: settings.environment,
    processEnvironment: process.env,
    overrides: settings.overrides,
    problems: [],
  })
  const reportDirectory =
    settings.reportDirectory ?? defaultReportDirectory(`${loaded.plan.name}-comparison`, systemClock.wallMs())
  await checkReportDirectory(reportDirectory)
  const console = createConsole(settings)
  await using cleanUp = new AsyncDisposableStack()
  try {
    for (const note of loaded.notes) console.say(`note: ${note}`)
    const [base, candidate] = await startBoth(settings, cleanUp, stopping)
    const startedAtMs = systemClock.wallMs()
    const found = await compareTargets({
      plans: { base: { ...loaded.plan, target: base }, candidate: { ...loaded.plan, target: candidate } },
      pairs: settings.runs,
      random: seededRandom(loaded.plan.seed),
      onRun: (event) => console.say(describeRun(event, settings.runs)),
      surroundings: {
        workers: settings.workers,
        reportDirectory,
        fabric: createLocalFabric({ generator }),
        clock: systemClock,
        onProgress: (state) => console.view.update(state),
        probe: (target, signal) => probeTarget({ ...loaded.plan, target }, signal),
        signal: stopping,
        squallVersion,
      },
    })
    const comparison = toComparison({
      names: { base: settings.base, candidate: settings.candidate },
      sides: found.sides,
      setAside: found.setAside,
      options: {
        runs: 'paired',
        ...(settings.minimumEffect !== undefined && { minimumEffect: { ratio: settings.minimumEffect } }),
      },
      refusals: refusalsOf(found),
      notes: [],
      run: {
        pack: loaded.plan.name,
        startedAt: new Date(startedAtMs).toISOString(),
        durationSeconds: (systemClock.wallMs() - startedAtMs) / 1000,
        squallVersion,
        nodeVersion: process.versions.node,
        machine: thisMachine(),
      },
    })
    return await conclude(comparison, { settings, reportDirectory, console, stopping, failure: found.failure })
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) throw new CodedError(squallErrors.SQUALL_STOPPED_EARLY)
    throw error
  } finally {
    console.close()
  }
}

async function startBoth(
  { base, candidate }: CompareSettings,
  cleanUp: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<readonly [string, string]> {
  const first = await startSide(base, stopping)
  cleanUp.defer(first.stop)
  const second = await startSide(candidate, stopping)
  cleanUp.defer(second.stop)
  return [first.target, second.target]
}

interface Conclusion {
  readonly settings: CompareSettings
  readonly reportDirectory: string
  readonly console: Console
  readonly stopping: AbortSignal
  /** What ended it before all runs were made. */
  readonly failure: CodedError | undefined
}

function refusalsOf({ wasStopped, failure }: TargetComparison): string[] {
  if (failure !== undefined) return [`the comparison ended before all runs were made: ${failure.message}`]
  return wasStopped ? ['stopped by the user before all runs were made'] : []
}

/** Runs take their time: what they say is shown, whether the report can be written or not. */
async function conclude(
  comparison: Comparison,
  { settings, reportDirectory, console, stopping, failure }: Conclusion,
): Promise<ExitCode> {
  const files = await writeComparison(reportDirectory, comparison).catch((error: unknown) => {
    if (error instanceof CodedError) return error
    throw error
  })
  const writeError = files instanceof CodedError ? files : undefined
  console.close()
  showComparison(comparison, files instanceof CodedError ? undefined : files.markdown, settings)
  for (const error of [failure, writeError]) if (error) process.stderr.write(`${renderError(error)}\n`)
  const ended = stopping.aborted ? exitCodes.stopped : exitCodesOf[comparison.verdict]
  return writeError?.exitCode ?? failure?.exitCode ?? ended
}

function describeRun({ side, pair, summary }: ComparedRun, pairs: number): string {
  if (summary === undefined) return `run ${pair} of ${pairs}: ${side}`
  const { p50, p95 } = summary.latencyMs.response
  const strained = summary.generator.saturated ? '; the generator was strained, so the pair does not count' : ''
  return `run ${pair} of ${pairs}: ${side} ${summary.verdict}, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms${strained}`
}
