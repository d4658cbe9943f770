import {
  clientsAtLevel,
  createArrivalSchedule,
  limitRise,
  toArrivalPhases as stagesToPhases,
  type ArrivalPhase,
  type ClosedModel,
  type LoadModel,
  type LoadStage,
  type OpenModel,
} from '@squall/load-plan'
import { defaults } from './defaults.ts'
import { mostClients, mostPerSecond } from './fields.ts'
import type { KeyPath } from './key-path.ts'
import type { PackOverrides } from './pack.ts'
import type { ReadOverrides } from './overrides.ts'
import type { PackCheck } from './pack-check.ts'
import { toArrivalPhases, type PhasesSection } from './sections/phases-section.ts'
import type { SquallSection } from './sections/squall-section.ts'
import { toStages } from './to-stages.ts'

export interface ModelInput {
  readonly squall: SquallSection
  readonly phases: PhasesSection | undefined
  readonly overrides: ReadOverrides
  /** For the places of problems. */
  readonly given: PackOverrides
  /** The pack's own, where files it names are looked for. */
  readonly directory: string
}

/** All clients have started after this long, unless the pack says otherwise. */
const defaultSpawnSeconds = 10

/** What makes load: a number of clients, or arrivals. What is missing or does not go together is noted. */
export function toModel(input: ModelInput, check: PackCheck): LoadModel | undefined {
  const { squall, phases } = input
  if (squall.shape !== undefined && phases !== undefined && squall.model !== 'closed')
    check.at(['config', 'squall', 'shape'], { expected: 'a shape, or config.phases, not both' })
  const type = modelType(input)
  noteOthers(type, input, check)
  return type === 'closed' ? toClosedModel(input, check) : toOpenModel(input, check)
}

/** What a pack says that belongs to the other model would do nothing, in silence. An option that turns the model may leave it standing. */
function noteOthers(type: LoadModel['type'], { squall, phases, overrides }: ModelInput, check: PackCheck): void {
  if (overrides.rate !== undefined || overrides.clients !== undefined) return
  const { others, expected } = ofOtherModel[type]
  for (const key of others) if (squall[key] !== undefined) check.at(['config', 'squall', key], { value: squall[key], expected })
  if (type === 'open' && phases !== undefined && squall.rate !== undefined)
    check.at(['config', 'squall', 'rate'], { value: squall.rate, expected: 'a rate, or config.phases, not both' })
}

const ofOtherModel = {
  closed: { others: ['rate', 'spacing'], expected: 'the open model: in the closed one, clients make the load' },
  open: { others: ['clients', 'spawnRate'], expected: 'the closed model: in the open one, arrivals make the load' },
} as const

function modelType({ squall, phases, overrides }: ModelInput): LoadModel['type'] {
  if (overrides.rate !== undefined) return 'open'
  if (overrides.clients !== undefined) return 'closed'
  if (squall.model !== undefined) return squall.model
  return squall.clients === undefined && (phases !== undefined || squall.rate !== undefined) ? 'open' : 'closed'
}

function toClosedModel(input: ModelInput, check: PackCheck): ClosedModel | undefined {
  const { squall, phases, overrides } = input
  const peak = overrides.clients ?? squall.clients
  const durationMs = overrides.duration ?? squall.duration ?? (phases && totalMs(toArrivalPhases(phases, 'constant')))
  if (peak === undefined)
    check.at(['config', 'squall', 'clients'], { expected: 'a number of clients, or config.phases for the open model' })
  if (durationMs === undefined) check.at(['config', 'squall', 'duration'], { expected: 'a duration such as "60s"' })
  if (squall.maxClients !== undefined)
    check.at(['config', 'squall', 'maxClients'], { expected: 'the open model: in the closed one, clients is the number of them' })
  if (peak === undefined || durationMs === undefined) return undefined
  const spawnRate = overrides.spawnRate ?? squall.spawnRate
  const fixed = {
    type: 'closed',
    clients: peak,
    spawnRatePerSecond: spawnRate ?? Math.max(1, peak / defaultSpawnSeconds),
    durationMs,
    ...(squall.iterations?.perClient !== undefined && { iterationsPerClient: squall.iterations.perClient }),
    ...(squall.iterations?.total !== undefined && { iterationsInTotal: squall.iterations.total }),
  } as const
  if (squall.shape === undefined) return fixed
  const stages = toStages({ ...input, shape: squall.shape, frame: { peak, durationMs } }, check)
  if (stages === undefined) return undefined
  const highest = highestOf(stages)
  if (highest > mostClients || highest === 0) {
    const expected = highest === 0 ? 'a shape with clients' : `a shape of at most ${mostClients.toLocaleString('en')} clients`
    check.at(['config', 'squall', 'shape'], { expected })
    return undefined
  }
  const limited = spawnRate === undefined ? stages : limitRise(stages, spawnRate)
  return { ...fixed, stages: limited, clients: highestOf(limited), durationMs: totalMs(limited) }
}

const highestOf = (stages: readonly LoadStage[]): number =>
  Math.max(...stages.map(({ from, to }) => clientsAtLevel(Math.max(from, to))))

function toOpenModel(input: ModelInput, check: PackCheck): OpenModel | undefined {
  const { squall, given } = input
  if (given.spawnRate)
    check.add({
      where: given.spawnRate.where,
      expected: 'the closed model: in the open model clients arrive by phases or --rate',
    })
  if (squall.iterations !== undefined)
    check.at(['config', 'squall', 'iterations'], {
      expected: 'the closed model: in the open one, each client runs its flow once',
    })
  const phases = toOpenPhases(input, check)
  const maxClients = squall.maxClients ?? (input.phases && commonMaxVusers(input.phases, check))
  if (phases === undefined) return undefined
  const model: OpenModel = { type: 'open', phases, ...(maxClients !== undefined && { maxClients }) }
  const mistake = findMistake(model)
  if (mistake !== undefined) check.at(placeOf(input), { expected: mistake })
  return model
}

/** Where arrivals were written. */
const placeOf = ({ squall, phases }: ModelInput): KeyPath =>
  phases === undefined ? ['config', 'squall', squall.shape === undefined ? 'rate' : 'shape'] : ['config', 'phases']

function findMistake(model: OpenModel): string | undefined {
  const highest = Math.max(...model.phases.flatMap(({ rateStart, rateEnd }) => [rateStart, rateEnd]))
  if (highest > mostPerSecond) return `at most ${mostPerSecond.toLocaleString('en')} arrivals per second`
  return createArrivalSchedule(model, defaults.seed).count === 0 ? 'at least one arrival in all' : undefined
}

/** Artillery's `maxVusers` is each phase's own; Squall has one limit for the run. */
function commonMaxVusers(phases: PhasesSection, check: PackCheck): number | undefined {
  const [first, ...others] = phases.filter(({ pause }) => pause === undefined)
  if (others.every(({ maxVusers }) => maxVusers === first?.maxVusers)) return first?.maxVusers
  check.at(['config', 'phases'], {
    expected: 'the same maxVusers in every phase',
    hint: 'or say with config.squall.maxClients how many clients there may be in a run of Squall',
  })
  return undefined
}

function toOpenPhases(input: ModelInput, check: PackCheck): ArrivalPhase[] | undefined {
  const { squall, phases, overrides, given } = input
  const spacing = squall.spacing ?? 'constant'
  const written = phases && toArrivalPhases(phases, spacing)
  const durationMs = overrides.duration ?? squall.duration
  const rate = overrides.rate ?? (written === undefined ? squall.rate : undefined)
  if (rate !== undefined) {
    const wholeMs = durationMs ?? (written && totalMs(written))
    if (wholeMs !== undefined) return atRate(rate, wholeMs, spacing, input, check)
    if (given.rate)
      check.add({
        where: given.rate.where,
        expected: 'a duration beside it, since the pack has none',
        hint: 'add --duration 60s',
      })
    else check.at(['config', 'squall', 'duration'], { expected: 'a duration such as "60s"' })
    return undefined
  }
  if (written === undefined) {
    check.at(['config', 'phases'], { expected: 'phases, or config.squall.rate, as config.squall.model is open' })
    return undefined
  }
  return durationMs === undefined ? written : stretched(written, durationMs)
}

function atRate(
  peak: number,
  durationMs: number,
  spacing: ArrivalPhase['spacing'],
  input: ModelInput,
  check: PackCheck,
): ArrivalPhase[] | undefined {
  const { shape } = input.squall
  if (shape === undefined) return [{ name: 'steady', durationMs, rateStart: peak, rateEnd: peak, spacing }]
  const stages = toStages({ ...input, shape, frame: { peak, durationMs } }, check)
  return stages && stagesToPhases(stages, spacing)
}

/** The same shape in another time: rates stay, durations change in proportion. */
function stretched(phases: readonly ArrivalPhase[], durationMs: number): ArrivalPhase[] {
  const factor = durationMs / totalMs(phases)
  return phases.map((phase) => ({ ...phase, durationMs: phase.durationMs * factor }))
}

const totalMs = (parts: readonly { readonly durationMs: number }[]): number =>
  parts.reduce((sum, { durationMs }) => sum + durationMs, 0)
