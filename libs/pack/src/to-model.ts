import type { ArrivalPhase, ClosedModel, LoadModel, OpenModel } from '@squall/load-plan'
import type { PackOverrides } from './pack.ts'
import type { ReadOverrides } from './overrides.ts'
import type { PackCheck } from './pack-check.ts'
import { toArrivalPhases, type PhasesSection } from './sections/phases-section.ts'
import type { SquallSection } from './sections/squall-section.ts'

export interface ModelInput {
  readonly squall: SquallSection
  readonly phases: PhasesSection | undefined
  readonly overrides: ReadOverrides
  /** For the places of problems. */
  readonly given: PackOverrides
}

/** All clients have started after this long, unless the pack says otherwise. */
const defaultSpawnSeconds = 10

/** What makes load: a fixed number of clients, or arrivals. What is missing or does not go together is noted. */
export function toModel(input: ModelInput, check: PackCheck): LoadModel | undefined {
  return modelType(input) === 'closed' ? toClosedModel(input, check) : toOpenModel(input, check)
}

function modelType({ squall, phases, overrides }: ModelInput): LoadModel['type'] {
  if (overrides.rate !== undefined) return 'open'
  if (overrides.clients !== undefined) return 'closed'
  return squall.model ?? (squall.clients === undefined && phases !== undefined ? 'open' : 'closed')
}

function toClosedModel({ squall, phases, overrides }: ModelInput, check: PackCheck): ClosedModel | undefined {
  const clients = overrides.clients ?? squall.clients
  const durationMs = overrides.duration ?? squall.duration ?? (phases && totalMs(toArrivalPhases(phases, 'constant')))
  if (clients === undefined)
    check.at(['config', 'squall', 'clients'], { expected: 'a number of clients, or config.phases for the open model' })
  if (durationMs === undefined) check.at(['config', 'squall', 'duration'], { expected: 'a duration such as "60s"' })
  if (clients === undefined || durationMs === undefined) return undefined
  const spawnRatePerSecond = overrides.spawnRate ?? squall.spawnRate ?? Math.max(1, clients / defaultSpawnSeconds)
  return { type: 'closed', clients, spawnRatePerSecond, durationMs }
}

function toOpenModel({ squall, phases, overrides, given }: ModelInput, check: PackCheck): OpenModel | undefined {
  if (given.spawnRate)
    check.add({
      where: given.spawnRate.where,
      expected: 'the closed model: in the open model clients arrive by phases or --rate',
    })
  const spacing = squall.spacing ?? 'constant'
  const written = phases && toArrivalPhases(phases, spacing)
  const durationMs = overrides.duration ?? squall.duration
  if (overrides.rate !== undefined) {
    const wholeMs = durationMs ?? (written && totalMs(written))
    if (wholeMs !== undefined) return { type: 'open', phases: [steady(overrides.rate, wholeMs, spacing)] }
    check.add({
      where: given.rate?.where ?? '',
      expected: 'a duration beside it, since the pack has none',
      hint: 'add --duration 60s',
    })
    return undefined
  }
  if (written === undefined) {
    check.at(['config', 'phases'], { expected: 'phases, as config.squall.model is open' })
    return undefined
  }
  return { type: 'open', phases: durationMs === undefined ? written : stretched(written, durationMs) }
}

const steady = (rate: number, durationMs: number, spacing: ArrivalPhase['spacing']): ArrivalPhase => ({
  name: 'steady',
  durationMs,
  rateStart: rate,
  rateEnd: rate,
  spacing,
})

/** The same shape in another time: rates stay, durations change in proportion. */
function stretched(phases: readonly ArrivalPhase[], durationMs: number): ArrivalPhase[] {
  const factor = durationMs / totalMs(phases)
  return phases.map((phase) => ({ ...phase, durationMs: phase.durationMs * factor }))
}

const totalMs = (phases: readonly ArrivalPhase[]): number => phases.reduce((sum, { durationMs }) => sum + durationMs, 0)
