import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readJournal } from '@squall/controller'
import type { Summary } from '@squall/report'
import { LabNetwork, type SeenRequest } from '@squall/testing'
import { expect, onTestFinished, vi } from 'vitest'
import { startFleet, toCall } from '../fleet.ts'
import type { RunningSquall } from '../run-squall.ts'
import { countedSeconds, type Evidence } from './evidence.ts'
import type { FaultCase } from './fault-cases.ts'
import { faultPack, numberOf, type PackName } from './fault-packs.ts'

/** A disturbed run that is over. */
export interface DisturbedRun extends Evidence {
  readonly summary: Summary
  readonly code: number | null
  readonly stderr: string
  /** When the fault began and ended, since T0. */
  readonly faultFromMs: number
  readonly faultToMs: number
  /** Whether each agent had a machine of its own. */
  readonly hasOwnMachines: boolean
}

export interface Disturbance {
  readonly pack: PackName
  readonly fault: FaultCase
  /** How long load has been made when the fault strikes. */
  readonly afterMs: number
  /** Whether all are on loopback, as where the test is not root. */
  readonly onLoopback?: boolean
}

/** Runs a pack over two agents whose clocks are ten seconds wrong, and disturbs it. */
export async function disturbRun({ pack, fault, afterMs, onLoopback = false }: Disturbance): Promise<DisturbedRun> {
  const lab = onLoopback ? undefined : LabNetwork.openIfPossible()
  if (lab) onTestFinished(() => lab[Symbol.dispose]())
  const fleet = await startFleet({ lab })
  const agent = await fleet.startAgent({ clockOffsetMs: 10_000, behindProxy: true })
  await fleet.startAgent({ clockOffsetMs: -10_000 })
  const files = faultPack(pack, fault.seconds)
  const run = fleet.run(files, '--lease', `${fault.leaseSeconds}s`)
  await vi.waitUntil(() => fleet.calls.length > 0, { timeout: 60_000 })
  await delay(afterMs)
  const fromMs = performance.now()
  const parts = { fleet, agent, run, resume: async () => fleet.run(files, '--resume', await runIdOf(run)) }
  const last = (await fault.act(parts)) ?? run
  const toMs = performance.now()
  const { code, stderr, summary } = await last.ended
  if (summary === undefined) throw new Error(`there is no summary: ${stderr}`)
  const { startMs, ...evidence } = evidenceOf(last, fleet.target.seen)
  return {
    ...evidence,
    gaps: summary.loss.gaps,
    summary,
    code,
    stderr,
    faultFromMs: fromMs - startMs,
    faultToMs: toMs - startMs,
    hasOwnMachines: lab !== undefined,
  }
}

function evidenceOf({ directory }: RunningSquall, seen: readonly SeenRequest[]): Omit<Evidence, 'gaps'> & { startMs: number } {
  const journal = readJournal(join(directory, 'report', 'journal.jsonl'))
  const begun = journal.find((entry) => entry.type === 'run')
  if (begun === undefined) throw new Error('the journal does not say how the run began')
  const startMs = begun.startAtWallMs - Date.now() + performance.now()
  const marked = seen.filter(({ headers }) => headers['x-squall-shard'] !== undefined)
  const sinceStart = (request: SeenRequest) => ({ ...toCall(request), atMs: request.atMs - startMs })
  return {
    startMs,
    plan: begun.plan,
    shards: begun.shards,
    counted: countedSeconds(journal),
    requests: marked.map(sinceStart),
    calls: marked
      .filter(({ method }) => method === 'tools/call')
      .map((request) => Object.assign(sinceStart(request), { number: numberOf(request.params) })),
  }
}

async function runIdOf(run: RunningSquall): Promise<string> {
  const { stderr } = await run.ended
  const [, runId = ''] = /--resume (\S+)/.exec(stderr) ?? []
  expect(runId, stderr).not.toBe('')
  return runId
}
