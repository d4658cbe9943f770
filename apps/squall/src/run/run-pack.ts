import { availableParallelism } from 'node:os'
import { checkReportDirectory, defaultWorkers, runLoad, type RunOutcome } from '@squall/controller'
import { CodedError, type ExitCode } from '@squall/errors'
import { createLocalFabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { findPackFile, loadPack } from '@squall/pack'
import { LiveExport, type KindEvidence } from '@squall/report'
import { systemClock } from '@squall/time'
import { clientKindNamed } from '@squall/virtual-client'
import { checkArtillery, runWithArtillery } from '../artillery/run-with-artillery.ts'
import { squallErrors } from '../errors.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { withFleet, type RunHome } from './with-fleet.ts'
import { createConsole, type Console } from './console.ts'
import { defaultReportDirectory } from './default-report-directory.ts'
import { probeTarget } from './probe-target.ts'
import { resolvePack } from './resolve-pack.ts'
import { withTarget } from './with-target.ts'

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
  const run = settings.runner === 'native' ? runNatively : runUnderArtillery
  const parts = { settings, packFile, reportDirectory, console, stopping }
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

/** What a run needs besides its plan. */
interface RunParts {
  readonly settings: RunSettings
  readonly packFile: string
  readonly reportDirectory: string
  readonly console: Console
  readonly stopping: AbortSignal
}

function runNatively(plan: LoadPlan, parts: RunParts): Promise<RunOutcome> {
  const { settings, console, stopping } = parts
  const run = (home: RunHome): Promise<RunOutcome> => runAt(home, plan, parts)
  if (settings.fabric !== undefined) return withFleet(settings.fabric, { settings, console, stopping }, run)
  return run({ fabric: createLocalFabric({ generator }), workers: settings.workers ?? defaultWorkers(availableParallelism()) })
}

function runAt(
  home: RunHome,
  planned: LoadPlan,
  { settings, reportDirectory, console, stopping }: RunParts,
): Promise<RunOutcome> {
  const { exports, allowLossRatio } = settings
  const plan = home.plan ?? planned
  return runLoad({
    ...home,
    plan,
    reportDirectory,
    allowLossRatio,
    clock: systemClock,
    clientKindEvidence: evidenceOf(plan),
    liveExport: new LiveExport({ exports, onTrouble: (text) => console.view.message(text) }),
    onProgress: (state) => console.view.update(state),
    onControls: (controls) => console.steerBy(controls),
    probe: (_, signal) => probeTarget(plan, signal),
    signal: stopping,
    squallVersion,
  })
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

/** On what each client kind of the plan rests; every kind of a plan is known, or it was refused. */
function evidenceOf({ scenarios }: LoadPlan): Record<string, KindEvidence> {
  const kinds = scenarios.flatMap(({ client }) => clientKindNamed(client.clientKind) ?? [])
  return Object.fromEntries(kinds.map(({ name, evidence, source }) => [name, { evidence, source }]))
}
