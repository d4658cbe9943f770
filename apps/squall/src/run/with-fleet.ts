import type { LoadRun } from '@squall/controller'
import { openBullmqFabric, type BullmqFabric } from '@squall/fabric'
import type { LoadPlan } from '@squall/load-plan'
import { abortable } from '@squall/time'
import type { FabricSettings, RunSettings } from '../settings/run-settings.ts'
import { squallVersion } from '../squall-version.ts'
import type { Console } from './console.ts'

/** Where a run's load is made, and by how many. */
export interface RunHome extends Pick<LoadRun, 'fabric' | 'workers' | 'resume'> {
  /** That of a run that is taken over. */
  readonly plan?: LoadPlan
}

export interface FleetUse {
  readonly settings: Pick<RunSettings, 'workers'>
  readonly console: Pick<Console, 'say'>
  readonly stopping: AbortSignal
}

/** Machines that are asked for when a run is wanted take minutes to come. */
const fleetPatienceMs = 600_000

/**
 * Lets the agents at a Redis make the load of a run.
 * @throws CodedError of Redis and of the agents; whatever `use` throws.
 */
export async function withFleet<T>(
  { url, secret, agents, leaseMs, resume, farewellMs }: FabricSettings,
  { settings, console, stopping }: FleetUse,
  use: (home: RunHome) => Promise<T>,
): Promise<T> {
  const onNotice = (text: string): void => console.say(text)
  const waiting = agents === undefined ? {} : { leastAgents: agents, agentPatienceMs: fleetPatienceMs }
  const timing = { ...(leaseMs !== undefined && { leaseMs }), ...(farewellMs !== undefined && { farewellMs }) }
  const fabric = await unlessStopped(openBullmqFabric({ url, secret, squallVersion, onNotice, ...waiting, ...timing }), stopping)
  try {
    if (resume !== undefined) return await use(await recall(fabric, resume))
    const workers = settings.workers ?? (await fabric.countWorkers(stopping))
    return await use({ fabric, workers })
  } finally {
    await fabric.close()
  }
}

/** A Redis that is frozen lets whoever asks wait for longer than a user does. */
async function unlessStopped(opening: Promise<BullmqFabric>, stopping: AbortSignal): Promise<BullmqFabric> {
  try {
    return await abortable(opening, stopping)
  } catch (error) {
    // Nobody needs it any more once it comes.
    void opening.then((fabric) => fabric.close()).catch(() => undefined)
    throw error
  }
}

async function recall(fabric: BullmqFabric, resume: string): Promise<RunHome> {
  const { plan, shards } = await fabric.recall(resume)
  return { fabric, resume, plan, workers: shards }
}
