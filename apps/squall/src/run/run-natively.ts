import { availableParallelism } from 'node:os'
import { defaultWorkers, runLoad, type LoadRun, type RunOutcome } from '@squall/controller'
import { createLocalFabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { LiveExport, type KindEvidence, type LiveView } from '@squall/report'
import { systemClock } from '@squall/time'
import { clientKindNamed } from '@squall/virtual-client'
import type { RunSettings } from '../settings/run-settings.ts'
import { squallVersion } from '../squall-version.ts'
import type { Console } from './console.ts'
import { probeTarget } from './probe-target.ts'
import { withFleet, type RunHome } from './with-fleet.ts'

const generator = new URL('../generator.ts', import.meta.url)

/** Who is told of a run, and may steer it: a terminal, or whoever else started it. */
export interface RunWatcher extends Pick<Console, 'say' | 'steerBy'> {
  readonly view: Pick<LiveView, 'update' | 'message'>
}

/** What a run by Squall's own generators needs besides its plan. */
interface NativeRunParts {
  readonly settings: Pick<RunSettings, 'fabric' | 'workers' | 'exports' | 'allowLossRatio'>
  readonly reportDirectory: string
  /** What the run is to be called; a new name unless given. */
  readonly runId?: string
  /** Told the run's id as soon as its load is about to begin, or when the run is taken over, and when that began or will. */
  readonly onRunId?: LoadRun['onRunId'] | undefined
  readonly console: RunWatcher
  readonly stopping: AbortSignal
}

/** Makes the load of a plan with generators of this machine, or with those of the agents at a Redis. */
export function runNatively(plan: LoadPlan, parts: NativeRunParts): Promise<RunOutcome> {
  const { settings, console, stopping } = parts
  const run = (home: RunHome): Promise<RunOutcome> => runAt(home, plan, parts)
  if (settings.fabric !== undefined) return withFleet(settings.fabric, { settings, console, stopping }, run)
  return run({ fabric: createLocalFabric({ generator }), workers: settings.workers ?? defaultWorkers(availableParallelism()) })
}

function runAt(
  home: RunHome,
  planned: LoadPlan,
  { settings, reportDirectory, runId, onRunId, console, stopping }: NativeRunParts,
): Promise<RunOutcome> {
  const { exports, allowLossRatio } = settings
  const plan = home.plan ?? planned
  return runLoad({
    ...home,
    plan,
    reportDirectory,
    ...(runId !== undefined && { runId }),
    ...(onRunId && { onRunId }),
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

/** On what each client kind of the plan rests; every kind of a plan is known, or it was refused. */
function evidenceOf({ scenarios }: LoadPlan): Record<string, KindEvidence> {
  const kinds = scenarios.flatMap(({ client }) => clientKindNamed(client.clientKind) ?? [])
  return Object.fromEntries(kinds.map(({ name, evidence, source }) => [name, { evidence, source }]))
}
