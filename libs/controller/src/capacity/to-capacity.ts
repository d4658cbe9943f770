import {
  capacityInterval,
  checkLittlesLaw,
  creditsPerThousandCalls,
  findBound,
  findKnee,
  forecastPools,
  fitUniversalScalability,
  keepsSlo,
  planDeployment,
  whatIf,
  type Bound,
  type InstanceCapacity,
  type PlanWish,
} from '@squall/capacity'
import type { LoadPlan } from '@squall/load-plan'
import type { Capacity, CapacityMaximum } from '@squall/report'
import { seededRandom } from '@squall/time'
import type { CapacitySearch } from './find-capacity.ts'
import { toCapacityLevel, toSigns } from './level-figures.ts'
import { hasCalls } from './hopeless-level.ts'
import { callsPerSecondOf, type LevelMeasurement } from './measure-level.ts'
import { describeCapacity } from './describe-capacity.ts'

export interface CapacityFacts {
  readonly search: CapacitySearch
  readonly run: Capacity['run']
  readonly slo: string
  readonly model: LoadPlan['model']['type']
  /** Whether the pack's flows take a fixed time each, so that clients pause the less the longer calls take. */
  readonly isPaced: boolean
  readonly wish: PlanWish | undefined
  /** Of the warehouse behind the target, where its size is known. */
  readonly creditsPerHour: number | undefined
  /** Things to know that the search does not: such as a target that did not recover. */
  readonly notes: readonly string[]
}

/** Everything a capacity report says, from what was measured. */
export function toCapacity(facts: CapacityFacts): Capacity {
  const { search, slo, model, wish } = facts
  const levels = search.levels.toSorted((a, b) => a.load - b.load)
  const maximum = maximumOf(facts)
  const points = curveOf(levels)
  const law =
    model === 'closed'
      ? fitUniversalScalability(points)
      : { refused: 'it is a law of clients at once, and an open pack has arrivals' }
  const knee = findKnee(points.map(({ clients, callsPerSecond }) => ({ x: clients, y: callsPerSecond })))
  const bound = boundOf(facts, levels)
  const one = instanceOf(facts, maximum)
  const plan = one && wish && planDeployment(one, wish)
  const credits = creditsOf(facts, one)
  const capacity: Omit<Capacity, 'sentence'> = {
    schema: 'squall/capacity@1',
    run: facts.run,
    slo,
    model,
    verdict: verdictOf(facts, maximum),
    reasons: [...reasonsOf(facts, maximum), ...facts.notes],
    maximum,
    knee: knee === undefined ? null : { clients: knee.x, callsPerSecond: knee.y },
    usl: 'fit' in law ? law.fit : null,
    uslRefused: 'fit' in law ? null : law.refused,
    bound,
    littlesLaw: littlesLawOf(facts, levels),
    levels: search.levels.map(toCapacityLevel),
    plan: plan === undefined ? null : { ...plan, creditsPerThousandCalls: credits },
    whatIf:
      one === undefined || wish === undefined
        ? []
        : whatIf(
            one,
            clientsAround(wish.clients),
            [0, wish.headroom, 0.5].filter(isFirst).toSorted((a, b) => a - b),
          ),
    pools: poolsOf(facts, bound, one),
    assumptions: assumptionsOf(facts, one, credits),
  }
  return { ...capacity, sentence: describeCapacity(capacity) }
}

function verdictOf({ search: { end } }: CapacityFacts, maximum: CapacityMaximum | null): Capacity['verdict'] {
  if (end.type === 'found') return maximum?.isAtLeast === true ? 'not-found' : 'found'
  return end.type === 'none' && !isSilent(end) ? 'not-found' : 'inconclusive'
}

/** Nothing answered, from the first load on: a server that stands still and clients that pause for longer than a level look alike. */
function isSilent({ broken }: Extract<CapacitySearch['end'], { type: 'none' }>): boolean {
  return 'numbers' in broken && !hasCalls((broken as LevelMeasurement).numbers)
}

function maximumOf({ search, model }: CapacityFacts): CapacityMaximum | null {
  const { end, levels } = search
  const kept = end.type === 'found' ? end.load : highestKept(levels)
  if (kept === undefined) return null
  const best = levels.findLast(({ load, strain }) => load === kept && strain <= 1)
  if (best === undefined) return null
  // Repeatable: the same measurements give the same interval.
  const [low, high] = capacityInterval(levels, kept, { random: seededRandom(1) })
  return {
    load: kept,
    clients: model === 'closed' ? kept : null,
    callsPerSecond: rateOf(best),
    interval: [roundTo(low, model), roundTo(high, model)],
    isAtLeast: end.type !== 'found' || end.broken === undefined,
  }
}

/** Of loads that the generator could make: of the others it is not known what the target would have had to bear. */
const highestKept = (all: readonly LevelMeasurement[]): number | undefined => {
  const levels = all.filter(({ generatorTrouble }) => generatorTrouble.length === 0)
  const broken = Math.min(...levels.filter((level) => !keepsSlo(level)).map(({ load }) => load))
  const kept = levels.filter((level) => keepsSlo(level) && level.load < broken).map(({ load }) => load)
  return kept.length === 0 ? undefined : Math.max(...kept)
}

/** Clients are whole; of rates three figures are more than is known. */
const roundTo = (load: number, model: CapacityFacts['model']): number =>
  model === 'closed' ? Math.round(load) : Number(load.toPrecision(3))

const rateOf = ({ numbers }: LevelMeasurement): number => callsPerSecondOf(numbers)

/** One point for each load, the last measurement of it, by the clients that were really there. */
function curveOf(levels: readonly LevelMeasurement[]): { readonly clients: number; readonly callsPerSecond: number }[] {
  const byLoad = new Map(levels.filter(({ wasCut }) => !wasCut).map((level) => [level.load, level]))
  return [...byLoad.values()].map((level) => ({ clients: level.load, callsPerSecond: rateOf(level) }))
}

function boundOf({ search }: CapacityFacts, levels: readonly LevelMeasurement[]): Bound {
  const brokenFrom = Math.min(...levels.filter((level) => !keepsSlo(level)).map(({ load }) => load))
  if (search.end.type === 'generator')
    return {
      by: 'generator',
      evidence: search.end.at.generatorTrouble.map((trouble) => `the generator was strained: ${trouble}`),
    }
  if (!Number.isFinite(brokenFrom)) return { by: 'unknown', evidence: ['no load broke the SLO, so nothing was at its limit'] }
  return findBound(levels.map(toSigns), brokenFrom)
}

/**
 * What one instance bears, as the plan needs it; only of clients, since a rate does not say how many they are, and only of a search that was
 * finished: what an instance was seen to bear before is no reason to buy so many of them.
 */
function instanceOf({ search, model }: CapacityFacts, maximum: CapacityMaximum | null): InstanceCapacity | undefined {
  if (maximum === null || model === 'open' || search.end.type !== 'found') return undefined
  const at = search.levels.findLast(({ load }) => load === maximum.load)
  const { poolSize, poolHeldSeconds } = at?.target ?? {}
  const memoryPerClientBytes = memoryPerClientOf(search.levels)
  return {
    clients: maximum.load,
    callsPerSecond: maximum.callsPerSecond,
    ...(poolSize !== undefined && { poolSize }),
    ...(poolHeldSeconds !== undefined && { poolHeldSeconds }),
    ...(memoryPerClientBytes !== undefined && { memoryPerClientBytes }),
  }
}

/** The slope of the target's memory over clients; undefined where it is not known or does not rise. */
function memoryPerClientOf(levels: readonly LevelMeasurement[]): number | undefined {
  const known = levels.flatMap(({ load, target }) =>
    target.residentBytes === undefined ? [] : [{ load, bytes: target.residentBytes }],
  )
  const [least, most] = [known.reduce(lesser, known[0]), known.reduce(greater, known[0])]
  if (least === undefined || most === undefined || most.load <= least.load) return undefined
  const slope = (most.bytes - least.bytes) / (most.load - least.load)
  return slope > 0 ? slope : undefined
}

interface LoadBytes {
  readonly load: number
  readonly bytes: number
}

const lesser = (a: LoadBytes | undefined, b: LoadBytes): LoadBytes => (a === undefined || b.load < a.load ? b : a)
const greater = (a: LoadBytes | undefined, b: LoadBytes): LoadBytes => (a === undefined || b.load > a.load ? b : a)

function poolsOf({ search }: CapacityFacts, { by }: Bound, one: InstanceCapacity | undefined): Capacity['pools'] {
  if (by !== 'pool' || one?.poolSize === undefined) return []
  const cpuUse = search.levels.findLast(({ load }) => load === one.clients)?.target.cpuUse
  return forecastPools({ clients: one.clients, poolSize: one.poolSize, ...(cpuUse !== undefined && { cpuUse }) }, [2, 4])
}

function creditsOf({ search, creditsPerHour }: CapacityFacts, one: InstanceCapacity | undefined): number | null {
  const runMs = one && search.levels.findLast(({ load }) => load === one.clients)?.target.warehouseRunMs
  if (creditsPerHour === undefined || one === undefined || runMs === undefined) return null
  return creditsPerThousandCalls(creditsPerHour, runMs / 1000, one.callsPerSecond)
}

/** The calmest level tells how long clients pause; every other is checked with it. Paced clients pause as the server lets them. */
function littlesLawOf({ model, isPaced }: CapacityFacts, levels: readonly LevelMeasurement[]): Capacity['littlesLaw'] {
  const [calm, ...others] = levels.filter(({ wasCut, numbers }) => !wasCut && numbers.totals.calls > 0)
  if (model === 'open' || isPaced || calm === undefined) return []
  const pauseMs = Math.max(0, (calm.load / rateOf(calm)) * 1000 - calm.numbers.totals.service.meanMs)
  return others.map((level) => {
    const { expectedClients, holds } = checkLittlesLaw(level.load, rateOf(level), level.numbers.totals.service.meanMs, pauseMs)
    return { load: level.load, expectedClients, holds }
  })
}

function reasonsOf({ search, model }: CapacityFacts, maximum: CapacityMaximum | null): string[] {
  const { end } = search
  const load = (count: number): string =>
    model === 'closed' ? `${count} ${count === 1 ? 'client' : 'clients'}` : `${count} arrivals a second`
  if (end.type === 'failed') return [`the search ended before it was over: ${end.error.message}`]
  if (end.type === 'stopped') return ['stopped by the user before the search was over']
  if (end.type === 'generator')
    return [`the generator was the bottleneck at ${load(end.at.load)}; give it more workers, or a machine to itself`]
  if (end.type === 'none' && isSilent(end))
    return [
      `no call was answered while ${load(end.broken.load)} ${end.broken.load === 1 ? 'was' : 'were'} there; where clients pause for so long, hold levels for longer (--steady)`,
    ]
  if (end.type === 'none')
    return [`even ${load(end.broken.load)} ${end.broken.load === 1 ? 'breaks' : 'break'} the SLO`, ...failuresOf(search)]
  return maximum?.isAtLeast === true
    ? [`no limit was found: even ${load(end.load)} ${end.load === 1 ? 'keeps' : 'keep'} the SLO, and no more were to be tried`]
    : []
}

/** Why calls failed under the least load, where they did: nothing else of a capacity report says it. */
function failuresOf({ levels }: CapacitySearch): string[] {
  const errors = [...(levels.at(-1)?.numbers.errors ?? [])].toSorted(([, a], [, b]) => b - a)
  return errors.length === 0 ? [] : [`calls failed there: ${errors.map(([code, count]) => `${code} ${count}`).join(', ')}`]
}

function assumptionsOf({ creditsPerHour }: CapacityFacts, one: InstanceCapacity | undefined, credits: number | null): string[] {
  return [
    'Clients behave as those of the pack do: another mix of calls is another capacity.',
    ...(one === undefined
      ? []
      : [
          'Instances side by side carry as much each as one alone: what they share, such as a warehouse or a rate limit, was not measured.',
        ]),
    ...(one?.poolHeldSeconds === undefined
      ? []
      : ['Pools are sized by the time calls held a connection, with a third more to keep waits short.']),
    ...(one?.memoryPerClientBytes === undefined
      ? []
      : ['Memory for each client is the rise of the resident memory between the lowest and the highest load.']),
    ...(credits === null
      ? []
      : [
          `The warehouse costs ${creditsPerHour} credits an hour while it runs a statement and nothing else; statements overlap only where one alone cannot keep up.`,
        ]),
  ]
}

const clientsAround = (clients: number): number[] => [Math.ceil(clients / 2), clients, clients * 2, clients * 5].filter(isFirst)

const isFirst = (value: number, index: number, all: readonly number[]): boolean => all.indexOf(value) === index
