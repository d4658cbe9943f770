import { randomUUID } from 'node:crypto'
import { CodedError, type ExitCode } from '@squall/errors'
import type { Fabric } from '@squall/fabric'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import type { Snapshot } from '@squall/metrics'
import { writeReport, type KindEvidence, type LiveExport, type LiveState, type ReportFiles, type Summary } from '@squall/report'
import type { Clock } from '@squall/time'
import { checkMachine } from './check-machine.ts'
import { checkTarget, type TargetProbe } from './check-target.ts'
import { drive } from './drive.ts'
import { loadSecondsOf } from './load-seconds.ts'
import { openReportDirectory, type ReportDirectory } from './report-directory.ts'
import type { RunControls } from './run-controls.ts'
import { RunRecord } from './run-record.ts'
import { summarise, type RunFacts } from './summarise.ts'
import { usefulWorkers } from './workers.ts'

export interface LoadRun {
  readonly plan: LoadPlan
  /** How many generators share the load. */
  readonly workers: number
  readonly fabric: Fabric
  /** What the run is to be called; a new name unless given. */
  readonly runId?: string
  /** The run to take over from a controller that is gone, instead of beginning one. */
  readonly resume?: string
  /** Which share of the load may be lost, from 0 to 1, before the run is called degraded; none unless given. */
  readonly allowLossRatio?: number
  readonly clock: Clock
  readonly probe: TargetProbe
  readonly reportDirectory: string
  readonly squallVersion: string
  /** The user wants the run to end now, with a report of what ran. */
  readonly signal: AbortSignal
  /** Called when something changes, and about once per second while there is load. */
  readonly onProgress: (state: LiveState) => void
  /** Handed what steers the run, once its load is about to begin. */
  readonly onControls?: (controls: RunControls) => void
  /** Where numbers go while the run goes on; nowhere unless given. */
  readonly liveExport?: LiveExport
  /** Told the run's id as soon as its load is about to begin, and T0 in wall milliseconds of this machine. */
  readonly onRunId?: (runId: string, startAtWallMs: number) => void
  /** Told each snapshot that is new. */
  readonly onSnapshot?: (shard: number, snapshot: Snapshot) => void
  /** Of each client kind of the plan, on what its behaviour rests; for the report. */
  readonly clientKindEvidence?: Readonly<Record<string, KindEvidence>>
}

export interface RunOutcome {
  readonly summary: Summary
  readonly exitCode: ExitCode
  /** Absent where the report could not be written. */
  readonly files?: ReportFiles
  /** Why the report could not be written; the summary is whole nevertheless. */
  readonly writeError?: CodedError
  /** Things a person should know beside the verdict. */
  readonly notes: readonly string[]
}

/**
 * Runs a plan from its first check to its written report.
 * Until load begins everything that is wrong is thrown, and nothing is left behind; from then on there is always an outcome.
 * @throws CodedError of the machine, the report directory, the target or the fabric; the signal's reason where it aborts before the load.
 */
export async function runLoad(asked: LoadRun): Promise<RunOutcome> {
  const request = { ...asked, workers: usefulWorkers(asked.plan, asked.workers) }
  checkMachine(request.plan, request.workers)
  const directory = await openReportDirectory(request.reportDirectory)
  try {
    // A target that is under load already is judged by that.
    if (request.resume === undefined) await checkTarget(request.plan.target, request.probe, request.signal)
    request.signal.throwIfAborted()
    return await runInto(directory, request)
  } catch (error) {
    await directory.discard().catch(() => undefined)
    throw error
  } finally {
    await request.liveExport?.end()
  }
}

async function runInto(directory: ReportDirectory, request: LoadRun): Promise<RunOutcome> {
  const { plan, workers: shards, fabric, signal, liveExport } = request
  const runId = request.resume ?? request.runId ?? randomUUID()
  await liveExport?.prepare({ id: runId, pack: plan.name, target: shownTarget(plan.target) })
  const record = new RunRecord(plan, shards, directory.path, (shard, snapshot) => {
    liveExport?.take(shard, snapshot)
    request.onSnapshot?.(shard, snapshot)
  })
  const run = await fabric.prepare({
    runId,
    plan,
    shards,
    signal,
    resume: request.resume !== undefined,
    onEvent: (event) => record.take(event),
  })
  let startAtWallMs = 0
  const onStart = (atWallMs: number): void => {
    startAtWallMs = atWallMs
    record.began(runId, atWallMs, shards, plan)
    request.onRunId?.(runId, atWallMs)
    liveExport?.begin(shards, atWallMs)
  }
  try {
    const driven = await drive(run, { ...request, record, onStart })
    const { endSeconds } = record.aggregate
    const loadSeconds = loadSecondsOf(plan, driven, { endSeconds, hasUnfinishedShards: record.ledger.hasUnfinishedShards })
    // Nothing is measured while nothing is asked.
    const numbers = record.aggregate.numbers(loadSeconds - driven.measuredPausedMs / 1000)
    const facts = {
      ...request,
      runId,
      fabric: fabric.name,
      startAtWallMs,
      driven,
      loadSeconds,
      numbers,
      ledger: record.ledger,
      samples: record.samples.all,
      events: record.events,
      ...(run.agents && { runAgents: run.agents() }),
    }
    // Receivers that are slow and a disk that is slow do not wait for each other.
    const [outcome] = await Promise.all([finalise(directory, record, facts), liveExport?.end()])
    return outcome
  } finally {
    await run.close()
  }
}

async function finalise(directory: ReportDirectory, record: RunRecord, facts: RunFacts): Promise<RunOutcome> {
  const { summary, exitCode, notes: said } = summarise(facts)
  const notes = [...said, ...(await record.close())]
  await directory.release()
  try {
    return { summary, exitCode, notes, files: await writeReport(directory.path, summary) }
  } catch (error) {
    // A defect is not hidden behind a report that could not be written.
    if (!(error instanceof CodedError)) throw error
    return { summary, exitCode, notes, writeError: error }
  }
}
