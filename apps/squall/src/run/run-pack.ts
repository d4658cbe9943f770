import { checkReportDirectory } from '@squall/controller'
import { CodedError, type ExitCode } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import { findPackFile, loadPack } from '@squall/pack'
import { systemClock } from '@squall/time'
import { checkArtillery, runWithArtillery } from '../artillery/run-with-artillery.ts'
import { squallErrors } from '../errors.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { createConsole, type Console } from './console.ts'
import { defaultReportDirectory } from './default-report-directory.ts'
import { resolvePack } from './resolve-pack.ts'
import { runNatively } from './run-natively.ts'
import { withTarget } from './with-target.ts'

/**
 * Loads a pack, starts a server where none is named, runs the load, and shows what came of it.
 * @throws CodedError for everything that is wrong before load begins.
 */
export async function runPack(pack: string, settings: RunSettings, stopping: AbortSignal): Promise<ExitCode> {
  const packFile = findPackFile(resolvePack(pack))
  const loaded = loadPack({
    path: packFile,
    environment: settings.environment,
    processEnvironment: process.env,
    overrides: settings.overrides,
    problems: settings.problems,
  })
  if (settings.runner === 'artillery') checkArtillery({ packFile, model: loaded.plan.model })
  const reportDirectory = settings.reportDirectory ?? defaultReportDirectory(loaded.plan.name, systemClock.wallMs())
  // A server takes its time to start; better to know before.
  await checkReportDirectory(reportDirectory)
  const console = createConsole(settings)
  const run = settings.runner === 'native' ? runNatively : runUnderArtillery
  const parts = { settings, packFile, reportDirectory, onRunId: sayHowToResume(settings, console), console, stopping }
  try {
    for (const note of loaded.notes) console.say(`note: ${note}`)
    const { result, notes } = await withTarget(
      // Whoever takes a run over finds its target as it is.
      settings.fabric?.resume === undefined ? loaded : { ...loaded, target: loaded.target ?? '' },
      (text) => console.say(text),
      stopping,
      (plan) => run(plan, parts),
    )
    console.showOutcome({ ...result, notes: [...result.notes, ...notes] })
    return result.writeError?.exitCode ?? result.exitCode
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) throw new CodedError(squallErrors.SQUALL_STOPPED_EARLY)
    throw error
  } finally {
    console.close()
  }
}

/** A run of many machines outlives its controller. */
function sayHowToResume({ fabric }: RunSettings, console: Console): ((runId: string) => void) | undefined {
  if (fabric === undefined || fabric.resume !== undefined) return undefined
  return (runId) => console.say(`run ${runId}: should this program die, --resume ${runId} goes on`)
}

/** What a run needs besides its plan. */
interface RunParts {
  readonly settings: RunSettings
  readonly packFile: string
  readonly reportDirectory: string
  readonly console: Console
  readonly stopping: AbortSignal
}

function runUnderArtillery(
  plan: LoadPlan,
  { settings, packFile, reportDirectory, console, stopping }: RunParts,
): ReturnType<typeof runWithArtillery> {
  const { environment } = settings
  return runWithArtillery({
    packFile,
    plan,
    reportDirectory,
    environment,
    signal: stopping,
    onOutput: (text) => console.passOn(text),
  })
}
