/** What was seen of the target and the generator while one load was held; what is not known is absent. */
export interface LevelSigns {
  /** Clients, or arrivals per second. */
  readonly load: number
  /** Mean time of a call, in milliseconds. */
  readonly serviceMs: number
  /** Why the generator could not keep up, where it could not. */
  readonly generatorTrouble?: string
  /** The share of calls that were turned away for coming too often or too many, from 0 to 1. */
  readonly turnedAwayShare: number
  /** The share of calls that failed, those turned away among them. */
  readonly failedShare: number
  /** The share of the processors, or of the one thread, that the server's work can use; from 0 to 1. */
  readonly cpuUse?: number
  /** The share of the memory that the server may have. */
  readonly memoryUse?: number
  /** The share of the connections to what lies behind the server. */
  readonly poolUse?: number
  /** Mean wait of a call for such a connection. */
  readonly poolWaitMs?: number
  /** Mean time a call spent on statements in the warehouse, their wait in its queue included. */
  readonly warehouseRunMs?: number
  /** Mean time a statement waited in that queue, where the warehouse tells. */
  readonly warehouseQueueMs?: number
}

export type BoundBy = 'pool' | 'server-cpu' | 'server-memory' | 'warehouse' | 'rate-limit' | 'generator' | 'network' | 'unknown'

export interface Bound {
  readonly by: BoundBy
  /** What speaks for it, in sentences. */
  readonly evidence: readonly string[]
}

/** From here on a resource counts as used up. */
const usedUp = 0.9
/** A wait explains slower calls where it is at least so much of what was added to them. */
const explains = 0.4

/**
 * What saturated first, from the signs of the loads up to and beyond the one that broke the SLO. Only what is used up, or what explains the
 * time that calls took longer, is named: `unknown` is an answer.
 * @param levels in any order, with one at least that broke the SLO.
 * @param brokenFrom the lowest load that broke the SLO.
 */
export function findBound(levels: readonly LevelSigns[], brokenFrom: number): Bound {
  const sorted = levels.toSorted((a, b) => a.load - b.load)
  const [calm] = sorted
  const broken = sorted.find(({ load }) => load >= brokenFrom)
  if (calm === undefined || broken === undefined) return unknown(['no load was measured under which the SLO broke'])
  const trouble = sorted.find(
    ({ load, generatorTrouble }) => load <= broken.load && generatorTrouble !== undefined,
  )?.generatorTrouble
  if (trouble !== undefined) return { by: 'generator', evidence: [trouble] }
  if (broken.turnedAwayShare >= broken.failedShare / 2 && broken.turnedAwayShare >= 0.01) return rateLimit(broken)
  const added = broken.serviceMs - calm.serviceMs
  const found = candidates.flatMap((candidate) => {
    const evidence = candidate.judge({ sorted, calm, broken, added })
    return evidence === undefined ? [] : [{ by: candidate.by, ...evidence }]
  })
  // Slower statements hold connections for longer: a pool that is full behind them is what they did, not the cause.
  const isWarehouse = found.some(({ by }) => by === 'warehouse')
  const [first] = found
    .filter(({ by }) => !(isWarehouse && by === 'pool'))
    .toSorted((a, b) => a.fromLoad - b.fromLoad || b.weight - a.weight)
  if (first === undefined) return unknown(describeUnknown(broken))
  return { by: first.by, evidence: first.evidence }
}

interface Scene {
  readonly sorted: readonly LevelSigns[]
  readonly calm: LevelSigns
  readonly broken: LevelSigns
  /** Milliseconds by which a call of the broken level took longer. */
  readonly added: number
}

interface Finding {
  /** The load from which on it shows. */
  readonly fromLoad: number
  /** How much of the added time it explains. */
  readonly weight: number
  readonly evidence: readonly string[]
}

interface Candidate {
  readonly by: BoundBy
  readonly judge: (scene: Scene) => Finding | undefined
}

const candidates: readonly Candidate[] = [
  { by: 'warehouse', judge: judgeWarehouse },
  { by: 'pool', judge: judgePool },
  { by: 'server-cpu', judge: (scene) => judgeUse(scene, 'cpuUse', "the server's processor time") },
  { by: 'server-memory', judge: (scene) => judgeUse(scene, 'memoryUse', "the server's memory") },
]

function judgeWarehouse({ sorted, calm, broken, added }: Scene): Finding | undefined {
  const [before, now] = [warehouseMs(calm), warehouseMs(broken)]
  const { warehouseQueueMs: queued = 0 } = broken
  const growth = now - before
  if (added <= 0 || growth < explains * added) return undefined
  return {
    fromLoad: firstAbove(sorted, (level) => warehouseMs(level) - before >= growth / 2),
    weight: growth / added,
    evidence: [
      `statements took ${ms(now)} of a call in the warehouse instead of ${ms(before)}: ${percent(growth / added)} of what was added to it`,
      ...(queued > 0 ? [`a statement waited ${ms(queued)} in the warehouse's queue`] : []),
    ],
  }
}

const warehouseMs = ({ warehouseRunMs = 0 }: LevelSigns): number => warehouseRunMs

function judgePool({ sorted, calm, broken, added }: Scene): Finding | undefined {
  const { poolUse = 0, poolWaitMs = 0 } = broken
  const growth = poolWaitMs - (calm.poolWaitMs ?? 0)
  if (poolUse < usedUp || added <= 0 || growth < explains * added) return undefined
  return {
    fromLoad: firstAbove(sorted, (level) => (level.poolUse ?? 0) >= usedUp),
    weight: growth / added,
    evidence: [
      `${percent(poolUse)} of the pool's connections were in use`,
      `calls waited ${ms(poolWaitMs)} for one: ${percent(growth / added)} of what was added to a call`,
    ],
  }
}

function judgeUse({ sorted, broken }: Scene, sign: 'cpuUse' | 'memoryUse', what: string): Finding | undefined {
  const use = broken[sign] ?? 0
  if (use < usedUp) return undefined
  const fromLoad = firstAbove(sorted, (level) => (level[sign] ?? 0) >= usedUp)
  return { fromLoad, weight: 0, evidence: [`${percent(use)} of ${what} was in use, from a load of ${fromLoad} on`] }
}

function rateLimit({ turnedAwayShare }: LevelSigns): Bound {
  return {
    by: 'rate-limit',
    evidence: [`${percent(turnedAwayShare)} of calls were turned away for coming too often or too many`],
  }
}

const unknown = (evidence: readonly string[]): Bound => ({ by: 'unknown', evidence })

/** What was looked at, so that a reader knows what was not. */
function describeUnknown({ cpuUse, memoryUse, poolUse }: LevelSigns): string[] {
  const seen = [
    ...(cpuUse === undefined ? [] : [`processor time ${percent(cpuUse)}`]),
    ...(memoryUse === undefined ? [] : [`memory ${percent(memoryUse)}`]),
    ...(poolUse === undefined ? [] : [`pool ${percent(poolUse)}`]),
  ]
  return [
    seen.length === 0 ? 'the target tells nothing of its resources' : `nothing that was watched was used up: ${seen.join(', ')}`,
  ]
}

const firstAbove = (sorted: readonly LevelSigns[], isAbove: (level: LevelSigns) => boolean): number =>
  sorted.find(isAbove)?.load ?? Number.POSITIVE_INFINITY

/** A wait may explain more than all of what was added, where something else became shorter. */
const percent = (share: number): string => `${Math.round(Math.min(1, share) * 100)} %`

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
