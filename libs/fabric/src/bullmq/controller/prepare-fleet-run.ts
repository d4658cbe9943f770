import { CodedError, type Problem } from '@squall/errors'
import { fabricErrors } from '../../errors.ts'
import type { PreparedRun, RunRequest } from '../../fabric.ts'
import { runKeys } from '../keys.ts'
import { OrderBook } from '../order-book.ts'
import { reasonOf } from '../redis-trouble.ts'
import { readServerClock } from '../server-clock.ts'
import { announceRun, checkUnused } from './announce-run.ts'
import type { FabricContext } from './fabric-context.ts'
import { readAnnouncement, readOrders } from './recall-run.ts'
import { lockRun } from './controller-lock.ts'
import { FleetRun } from './fleet-run.ts'
import { waitForAgents } from './fleet.ts'

/**
 * Brings a run to its barrier: every shard is held by an agent whose generator is ready. A run that is resumed may be far beyond it.
 * @throws CodedError of the fleet, of the run's id, of an agent or a generator that refuses; the signal's reason. Nothing of a new run is left then.
 */
export async function prepareFleetRun(request: RunRequest, context: FabricContext): Promise<PreparedRun> {
  const { runId, signal, resume = false } = request
  const { redis, settings } = context
  const { clock } = settings
  signal.throwIfAborted()
  if (resume) await readAnnouncement(runId, context)
  else await checkUnused(runId, context)
  const agents = resume ? [] : await waitForAgents({ ...settings, ...context }, signal)
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)
  const onRefused = tellRefusals(context)
  const lock = await lockRun({ redis, key: runKeys(runId).controller, clock, signal, onLost: lost.reject, onRefused })
  try {
    if (!resume) await announceRun(request, agents, context)
  } catch (error) {
    await lock.release()
    throw error
  }
  const serverClock = await readServerClock(redis, clock)
  const ordered = resume ? await readOrders(runId, context) : new OrderBook()
  const run = new FleetRun({ request, context, serverClock, lock, ordered, lost: lost.promise })
  try {
    // What a controller had agreed on and told nobody is agreed on anew, or load would begin late.
    if (ordered.startAtMs === undefined) await allReady(run, request.signal, context)
    return run
  } catch (error) {
    await run.close()
    throw error
  }
}

/** Says that Redis refuses, once, and that it no longer does. */
function tellRefusals({ settings: { onNotice }, shown }: FabricContext): (error: Error | undefined) => void {
  let told: string | undefined
  return (error) => {
    const reason = error && reasonOf(error)
    if (reason === told) return
    told = reason
    const trouble = `takes nothing now: ${reason}. Numbers wait at the agents; load stops where shares cannot be renewed`
    onNotice(`${shown} ${reason === undefined ? 'takes what it is told again' : trouble}`)
  }
}

async function allReady(run: FleetRun, signal: AbortSignal, { settings }: FabricContext): Promise<void> {
  const { clock, readyTimeoutMs } = settings
  const given = Promise.withResolvers<never>()
  const timer = clock.at(clock.monotonicMs() + readyTimeoutMs, () => given.reject(notReady(readyTimeoutMs, run.unready)))
  // The reason is whatever the aborter chose, an Error by convention.
  const giveUp = (): void => given.reject(signal.reason as Error)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    await Promise.race([run.ready, given.promise])
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', giveUp)
  }
}

function notReady(readyTimeoutMs: number, problems: readonly Problem[]): CodedError {
  return new CodedError(fabricErrors.FABRIC_GENERATOR_DID_NOT_START, {
    message: `the generators were not ready within ${readyTimeoutMs / 1000} s`,
    problems,
  })
}
