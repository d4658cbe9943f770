import { availableParallelism, arch, cpus, hostname, platform, totalmem } from 'node:os'
import type { Fabric } from '@squall/fabric'
import {
  isProblem,
  parseThreshold,
  phaseSeconds,
  planDurationMs,
  shownTarget,
  type LoadModel,
  type LoadPlan,
  type LoadStage,
} from '@squall/load-plan'
import { saturationOf, type FailureSample, type RunNumbers } from '@squall/metrics'
import { toSummary, type MachineInfo, type RunInfo, type Summary, type ThresholdResult } from '@squall/report'
import type { ExitCode } from '@squall/errors'
import type { EndedRun } from './drive.ts'
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
  readonly ended: EndedRun
  /** How long load was made, since T0. */
  readonly loadSeconds: number
  readonly numbers: RunNumbers
  readonly ledger: LossLedger
  /** A few failed calls. */
  readonly samples: readonly FailureSample[]
}

/** Judges a run that has ended, and says everything about it. */
export function summarise(facts: RunFacts): { readonly summary: Summary; readonly exitCode: ExitCode } {
  const { plan, ended, loadSeconds, numbers, ledger, samples } = facts
  const thresholds = judgeThresholds(plan, numbers, loadSeconds)
  const saturation = saturationOf(numbers.timeline)
  const loss = ledger.loss(Math.ceil(loadSeconds))
  const { verdict, reasons, exitCode } = judge({ why: ended.why, numbers, thresholds, loss, saturation: saturation.reasons })
  const summary = toSummary({
    run: toRunInfo(facts),
    verdict,
    reasons,
    numbers,
    thresholds,
    saturated: saturation.saturated,
    loss,
    samples,
    agents: ledger.agents(hostname(), ended.why !== 'complete'),
  })
  return { summary, exitCode }
}

function judgeThresholds(plan: LoadPlan, numbers: RunNumbers, loadSeconds: number): ThresholdResult[] {
  const measured = { fromMs: plan.warmUpMs, toMs: loadSeconds * 1000 }
  return plan.thresholds.map((expression) => {
    const threshold = parseThreshold(expression)
    if (isProblem(threshold)) throw new Error(`a plan holds a threshold that cannot be read: ${expression}`)
    return judgeThreshold(threshold, numbers, (phase) => phaseSeconds(plan, phase, measured))
  })
}

export type RunIdentity = Pick<
  RunFacts,
  'runId' | 'plan' | 'workers' | 'fabric' | 'squallVersion' | 'startAtWallMs' | 'loadSeconds'
>

/** The head of a run's report. */
export function toRunInfo({ runId, plan, workers, fabric, squallVersion, startAtWallMs, loadSeconds }: RunIdentity): RunInfo {
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
    model: renderModel(plan.model),
    arrivalSeconds: plan.model.type === 'open' ? Math.min(loadSeconds, planDurationMs(plan) / 1000) : null,
    machine: thisMachine(),
  }
}

function renderModel(model: LoadModel): string {
  if (model.type === 'closed') {
    const { clients, spawnRatePerSecond, stages } = model
    if (stages !== undefined) return `closed: ${renderStages(stages)}`
    return `closed: ${clients} client${clients === 1 ? '' : 's'}, ${round(spawnRatePerSecond)} started per second`
  }
  const phases = model.phases.map(({ rateStart, rateEnd, durationMs }) => {
    const rate = rateStart === rateEnd ? `${round(rateStart)}/s` : `${round(rateStart)} to ${round(rateEnd)}/s`
    return `${rate} for ${round(durationMs / 1000)} s`
  })
  return `open: ${phases.join(', ')}`
}

/** Many stages are told by their ends. */
const mostStagesTold = 12

function renderStages(stages: readonly LoadStage[]): string {
  const told = stages.map(({ from, to, durationMs }) => {
    const level = from === to ? `${round(from)}` : `${round(from)} to ${round(to)}`
    return `${level} clients for ${round(durationMs / 1000)} s`
  })
  if (told.length <= mostStagesTold) return told.join(', ')
  return [...told.slice(0, mostStagesTold - 1), `and ${told.length - mostStagesTold + 1} stages more`].join(', ')
}

const round = (value: number): number => Number(value.toFixed(2))

function thisMachine(): MachineInfo {
  return {
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cpuCount: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
  }
}
