import type { RunOutcome } from '@squall/controller'
import { deadManMs } from '@squall/fabric'
import { runNatively } from '../run/run-natively.ts'
import type { ServeSettings } from '../settings/serve-settings.ts'
import type { Launch } from './run-registry.ts'

/** @returns what makes the load of a server's runs: generators of this machine, or those of the agents at a Redis. */
export function createLauncher(fabric: ServeSettings['fabric']): (launch: Launch) => Promise<RunOutcome> {
  return ({ id, order: { plan, settings }, resume, reportDirectory, watcher, onBegun, stopping }) => {
    const { workers, agents, leaseMs, allowLossRatio } = settings
    return runNatively(plan, {
      settings: {
        workers,
        allowLossRatio,
        exports: [],
        fabric: fabric && { ...fabric, agents, leaseMs, resume: resume ? id : undefined, farewellMs: deadManMs },
      },
      reportDirectory,
      runId: id,
      onRunId: (_, startAtWallMs) => onBegun(startAtWallMs),
      console: watcher,
      stopping,
    })
  }
}
