import { checkReportDirectory, findCapacity, thisMachine, toCapacity, type CapacitySearch, type Slo } from '@squall/controller'
import { CodedError, exitCodes, renderError, type ExitCode } from '@squall/errors'
import { createLocalFabric } from '@squall/fabric'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import { findPackFile, loadPack } from '@squall/pack'
import { writeCapacity, type Capacity } from '@squall/report'
import { systemClock } from '@squall/time'
import { squallErrors } from '../errors.ts'
import { createConsole, type Console } from '../run/console.ts'
import { defaultReportDirectory } from '../run/default-report-directory.ts'
import { probeTarget } from '../run/probe-target.ts'
import { resolvePack } from '../run/resolve-pack.ts'
import { withTarget } from '../run/with-target.ts'
import type { CapacitySettings } from '../settings/capacity-settings.ts'
import { squallVersion } from '../squall-version.ts'
import { describeEvent } from './describe-event.ts'
import { fetchMetricsOf } from './fetch-metrics.ts'
import { showCapacity } from './show-capacity.ts'

const generator = new URL('../generator.ts', import.meta.url)

/** Windows of this length are judged by themselves; about as many calls as a percentile needs, and several in each level. */
const windowSeconds = 3

/**
 * Searches for the highest load under which the target keeps the SLO, and reports it.
 * @throws CodedError for everything that is wrong before load begins.
 */
export async function findPackCapacity(pack: string, settings: CapacitySettings, stopping: AbortSignal): Promise<ExitCode> {
  const loaded = loadPack({
    path: findPackFile(resolvePack(pack)),
    environment: settings.environment,
    processEnvironment: process.env,
    overrides: settings.overrides,
    problems: settings.problems,
  })
  const { slo } = settings
  // With a problem the pack is refused; so there is an SLO.
  if (slo === undefined) throw new CodedError(squallErrors.SQUALL_BAD_OPTIONS)
  const reportDirectory = settings.reportDirectory ?? defaultReportDirectory(`${loaded.plan.name}-capacity`, systemClock.wallMs())
  await checkReportDirectory(reportDirectory)
  const console = createConsole(settings)
  try {
    for (const note of loaded.notes) console.say(`note: ${note}`)
    const { result, notes } = await withTarget(
      loaded,
      (text) => console.say(text),
      stopping,
      (plan) => search(plan, { settings, slo, reportDirectory, console, stopping }),
    )
    console.close()
    for (const note of notes) process.stderr.write(`note: ${note}\n`)
    return await conclude(result, { settings, reportDirectory, stopping })
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) throw new CodedError(squallErrors.SQUALL_STOPPED_EARLY)
    throw error
  } finally {
    console.close()
  }
}

interface SearchParts {
  readonly settings: CapacitySettings
  readonly slo: Slo
  readonly reportDirectory: string
  readonly console: Console
  readonly stopping: AbortSignal
}

/** What is to be reported, and what ended the search before it was over. */
interface Found {
  readonly capacity: Capacity
  readonly failure: CodedError | undefined
}

/** A search takes its time: what it found is shown, whether the report can be written or not. */
async function conclude(
  { capacity, failure }: Found,
  { settings, reportDirectory, stopping }: Pick<SearchParts, 'settings' | 'reportDirectory' | 'stopping'>,
): Promise<ExitCode> {
  const files = await writeCapacity(reportDirectory, capacity).catch((error: unknown) => {
    if (error instanceof CodedError) return error
    throw error
  })
  const writeError = files instanceof CodedError ? files : undefined
  showCapacity(capacity, files instanceof CodedError ? undefined : files.html, settings)
  for (const error of [failure, writeError]) if (error) process.stderr.write(`${renderError(error)}\n`)
  return writeError?.exitCode ?? failure?.exitCode ?? exitCodeOf(capacity, stopping)
}

async function search(plan: LoadPlan, { settings, slo, reportDirectory, console, stopping }: SearchParts): Promise<Found> {
  const startedAtMs = systemClock.wallMs()
  const isClosed = plan.model.type === 'closed'
  const found = await findCapacity({
    pack: plan,
    slo,
    windowSeconds,
    settleSeconds: settings.settleSeconds,
    steadySeconds: settings.steadySeconds,
    confirmSeconds: settings.confirmSeconds,
    search: {
      // A server may bear less than one arrival a second.
      least: isClosed ? 1 : 0.1,
      start: 1,
      most: isClosed ? settings.maxClients : settings.maxRate,
      step: isClosed ? 1 : 0.1,
      resolution: settings.resolution,
    },
    fetchMetrics: fetchMetricsOf(plan.target, settings.metricsUrl),
    onLevel: (event) => console.say(describeEvent(event, plan.model.type)),
    surroundings: {
      workers: settings.workers,
      reportDirectory,
      fabric: createLocalFabric({ generator }),
      clock: systemClock,
      onProgress: (state) => console.view.update(state),
      probe: (_, signal) => probeTarget(plan, signal),
      signal: stopping,
      squallVersion,
    },
  })
  const capacity = toCapacity({
    search: found,
    slo: slo.text,
    model: plan.model.type,
    isPaced: isPaced(plan),
    wish:
      settings.forClients === undefined ? wishOf(found, settings) : { clients: settings.forClients, headroom: settings.headroom },
    creditsPerHour: settings.creditsPerHour,
    notes: await recoveryNotes(plan, stopping),
    run: {
      pack: plan.name,
      target: shownTarget(plan.target),
      startedAt: new Date(startedAtMs).toISOString(),
      durationSeconds: (systemClock.wallMs() - startedAtMs) / 1000,
      workers: settings.workers,
      seed: plan.seed,
      squallVersion,
      nodeVersion: process.versions.node,
      machine: thisMachine(),
    },
  })
  return { capacity, failure: found.end.type === 'failed' ? found.end.error : undefined }
}

/** A pace gives each iteration its time: the longer calls take, the shorter clients pause. */
const isPaced = ({ scenarios }: LoadPlan): boolean => scenarios.some(({ flow }) => JSON.stringify(flow).includes('"pace":'))

/** Whoever names no number of clients still wants to see what the one found means with room to spare. */
function wishOf({ end }: CapacitySearch, { headroom }: CapacitySettings): { clients: number; headroom: number } | undefined {
  return end.type === 'found' ? { clients: end.load, headroom } : undefined
}

/** A search goes beyond what the target bears; whether it came back is worth knowing. */
async function recoveryNotes(plan: LoadPlan, stopping: AbortSignal): Promise<string[]> {
  try {
    const found = await probeTarget(plan, stopping)
    return found.type === 'mcp' ? [] : [`after the search the target does not answer any more: ${found.detail}`]
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) return []
    throw error
  }
}

function exitCodeOf({ verdict, maximum }: Capacity, stopping: AbortSignal): ExitCode {
  if (stopping.aborted) return exitCodes.stopped
  if (verdict === 'inconclusive') return exitCodes.inconclusive
  return maximum === null ? exitCodes.thresholdBroken : exitCodes.ok
}
