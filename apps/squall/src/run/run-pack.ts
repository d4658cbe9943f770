import { checkReportDirectory, runLoad, type LoadRun, type RunOutcome } from '@squall/controller'
import { CodedError, type ExitCode } from '@squall/errors'
import { createLocalFabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { findPackFile, loadPack, type LoadedPack } from '@squall/pack'
import { systemClock } from '@squall/time'
import { checkArtillery, runWithArtillery } from '../artillery/run-with-artillery.ts'
import { squallErrors } from '../errors.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { createConsole, type Console } from './console.ts'
import { defaultReportDirectory } from './default-report-directory.ts'
import { startEmbeddedServer } from './embedded-server.ts'
import { probeTarget } from './probe-target.ts'
import { resolvePack } from './resolve-pack.ts'

const generator = new URL('../generator.ts', import.meta.url)

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
  const { workers } = settings
  try {
    for (const note of loaded.notes) console.say(`note: ${note}`)
    const outcome = await withTarget(loaded, console, stopping, (plan) =>
      settings.runner === 'native'
        ? runPlan({
            plan,
            workers,
            reportDirectory,
            signal: stopping,
            onProgress: (state) => console.view.update(state),
            onControls: (controls) => console.steerBy(controls),
          })
        : runWithArtillery({
            packFile,
            plan,
            reportDirectory,
            environment: settings.environment,
            signal: stopping,
            onOutput: (text) => console.passOn(text),
          }),
    )
    console.showOutcome(outcome)
    return outcome.writeError?.exitCode ?? outcome.exitCode
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) throw new CodedError(squallErrors.SQUALL_STOPPED_EARLY)
    throw error
  } finally {
    console.close()
  }
}

type RunPlan = (plan: LoadPlan) => Promise<RunOutcome>

/** Runs against the target named, or against a server that is started for this run and stopped after it. */
async function withTarget(
  { plan, target }: LoadedPack,
  console: Console,
  stopping: AbortSignal,
  run: RunPlan,
): Promise<RunOutcome> {
  if (target !== undefined) return run({ ...plan, target })
  console.say('no target is named: starting the Snowflake MCP server')
  const server = await startEmbeddedServer(stopping)
  console.say(`started ${server.url}`)
  try {
    const outcome = await run({ ...plan, target: server.url })
    if (!server.hasExited()) return outcome
    return { ...outcome, notes: [...outcome.notes, `the server ended during the run: ${server.recentOutput().trim()}`] }
  } finally {
    await server.stop(serverGraceMs)
  }
}

/** A stopped run has four seconds in all, and load is over by now. */
const serverGraceMs = 1_000

function runPlan(
  run: Pick<LoadRun, 'plan' | 'workers' | 'reportDirectory' | 'signal' | 'onProgress' | 'onControls'>,
): Promise<RunOutcome> {
  return runLoad({
    ...run,
    fabric: createLocalFabric({ generator }),
    clock: systemClock,
    probe: (_, signal) => probeTarget(run.plan, signal),
    squallVersion,
  })
}
