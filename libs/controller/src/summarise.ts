import { availableParallelism, arch, cpus, hostname, platform, totalmem } from 'node:os'
import type { Fabric, RunAgent } from '@squall/fabric'
import {
  isProblem,
  parseThreshold,
  phaseSeconds,
  planDurationMs,
  planFingerprint,
  shownTarget,
  type LoadPlan,
} from '@squall/load-plan'
import { saturationOf, type FailureSample, type RunNumbers } from '@squall/metrics'
import {
  toSummary,
  type AgentInfo,
  type KindEvidence,
  type MachineInfo,
  type RunEventNote,
  type RunInfo,
  type Summary,
  type ThresholdResult,
} from '@squall/report'
import type { ExitCode } from '@squall/errors'
import type { DrivenRun } from './drive.ts'
import { describeModel } from './describe-model.ts'
import { judgeThreshold } from './judge-threshold.ts'
import type { LossLedger } from './loss-ledger.ts'
import { judge } from './verdict.ts'

export interface RunFacts {
  readonly runId: string
  readonly plan: LoadPlan
  readonly workers: number
  readonly fabric: Fabric['name']
  readonly squallVersion: string
  readonly startAtWallMs: number
  readonly driven: DrivenRun
  /** How long load was made, since T0. */
  readonly loadSeconds: number
  readonly numbers: RunNumbers
  readonly ledger: LossLedger
  /** Who made the load, where it was not all made on this machine. */
  readonly runAgents?: readonly RunAgent[]
  /** Which share of the load may be lost, from 0 to 1; none unless given. */
  readonly allowLossRatio?: number
  /** A few failed calls. */
  readonly samples: readonly FailureSample[]
  /** What was done to the run from outside. */
  readonly events: readonly RunEventNote[]
  readonly clientKindEvidence?: Readonly<Record<string, KindEvidence>>
}

/** Judges a run that has ended, and says everything about it. */
export function summarise(facts: RunFacts): {
  readonly summary: Summary
  readonly exitCode: ExitCode
  /** Things a person should know beside the verdict. */
  readonly notes: readonly string[]
} {
  const { plan, driven, loadSeconds, numbers, ledger, samples, events } = facts
  const { why } = driven.ended
  const thresholds = judgeThresholds(facts)
  const saturation = saturationOf(numbers.timeline, numbers.warmUpSeconds)
  const loss = ledger.loss(Math.ceil(loadSeconds))
  const { verdict, reasons, exitCode } = judge({
    why,
    isOpen: plan.model.type === 'open',
    numbers,
    thresholds,
    loss,
    saturation: saturation.reasons,
    ...(facts.allowLossRatio !== undefined && {
      lossAllowance: { ratio: facts.allowLossRatio, plannedShardSeconds: facts.workers * loadSeconds },
    }),
    ...(driven.abort && { abort: driven.abort }),
  })
  const clientsNotStarted = notStarted(facts)
  const summary = toSummary({
    // A reset by hand leaves more out than the plan's warm-up.
    run: {
      ...toRunInfo({ ...facts, planSeconds: driven.planMsAt(loadSeconds) / 1000 }),
      warmUpSeconds: numbers.warmUpSeconds,
    },
    verdict,
    reasons,
    numbers,
    thresholds,
    saturated: saturation.saturated,
    loss,
    samples,
    ...(facts.clientKindEvidence && { clientKindEvidence: facts.clientKindEvidence }),
    agents: agentsOf(facts),
    clientsNotStarted,
    events,
  })
  const missing = `${clientsNotStarted} of the ${clientsOf(plan)} clients asked for were never started: the run was over before their turn`
  return { summary, exitCode, notes: clientsNotStarted === 0 ? [] : [missing] }
}

function agentsOf({ ledger, runAgents, driven }: RunFacts): AgentInfo[] {
  const wasStopped = driven.ended.why !== 'complete'
  if (runAgents === undefined) return ledger.agents(hostname(), wasStopped)
  return runAgents.map(({ id, host, shards, isLost }) => ({
    id,
    host,
    shards,
    state: isLost ? 'lost' : wasStopped ? 'stopped' : 'finished',
  }))
}

const clientsOf = ({ model }: LoadPlan): number => (model.type === 'closed' ? model.clients : 0)

/** A run that went its way owes the clients its plan asks for, where its duration was too short for them; one that was cut or steered does not. */
function notStarted({ plan, driven, numbers }: RunFacts): number {
  const { model } = plan
  const isOwed = model.type === 'closed' && model.iterationsInTotal === undefined && !driven.isSetByHand
  return isOwed && driven.ended.why === 'complete' ? Math.max(0, model.clients - numbers.counters.clientsStarted) : 0
}

function judgeThresholds({ plan, driven, numbers, loadSeconds }: RunFacts): ThresholdResult[] {
  // Numbers count the seconds of the run, phases those of the plan.
  const measured = { fromMs: driven.planMsAt(numbers.warmUpSeconds), toMs: driven.planMsAt(loadSeconds) }
  return plan.thresholds.map((expression) => {
    const threshold = parseThreshold(expression)
    if (isProblem(threshold)) throw new Error(`a plan holds a threshold that cannot be read: ${expression}`)
    return judgeThreshold(threshold, numbers, (phase) => phaseSeconds(driven.phases, phase, measured))
  })
}

export type RunIdentity = Pick<
  RunFacts,
  'runId' | 'plan' | 'workers' | 'fabric' | 'squallVersion' | 'startAtWallMs' | 'loadSeconds'
> & {
  /** How far the load came in its plan, which stands still in pauses. */
  readonly planSeconds: number
}

/** The head of a run's report. */
export function toRunInfo(identity: RunIdentity): RunInfo {
  const { runId, plan, workers, fabric, squallVersion, startAtWallMs, loadSeconds, planSeconds } = identity
  return {
    id: runId,
    pack: plan.name,
    target: shownTarget(plan.target),
    startedAt: new Date(startAtWallMs).toISOString(),
    durationSeconds: loadSeconds,
    warmUpSeconds: Math.ceil(plan.warmUpMs / 1000),
    runner: 'native',
    fabric,
    workers,
    seed: plan.seed,
    squallVersion,
    nodeVersion: process.versions.node,
    planHash: planFingerprint(plan),
    model: describeModel(plan.model),
    arrivalSeconds: plan.model.type === 'open' ? Math.min(planSeconds, planDurationMs(plan) / 1000) : null,
    machine: thisMachine(),
  }
}

/** The machine this process runs on. */
export function thisMachine(): MachineInfo {
  return {
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cpuCount: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
  }
}
