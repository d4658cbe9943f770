import { quantile, type MergedSnapshot } from './many-machines.ts'
import { median, type Figures } from './rounds.ts'
import type { FleetLook, FleetRecord, FleetSettings } from './simulate-fleet.ts'

export const fleetFigures = {
  cores: 'cores of the controller, steady',
  lagMs: 'ms from the end of a second to its being merged, worst',
  ownLagMs: 'ms from the handing over to the merging, worst',
  growth: 'MB of the second controller once it has caught up, last third ÷ first',
  snapshotBytes: 'bytes of a snapshot on its way',
  missing: 'snapshots sent and not merged, or merged twice',
} as const

/** Whoever shows what is newer than this has caught up. */
const caughtUpMs = 1_000
/** Until a process has compiled what runs often, and its heap has its size. */
const warmUpMs = 10_000
const megabyte = 2 ** 20

interface Stretch {
  readonly life: 1 | 2
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What a fleet of simulated agents came to. Whatever is called steady leaves out the outage and the catching up after it. Where the second controller did
 * not catch up while there was load, what is of the time after that is NaN, and all its lags count.
 */
export function toFleetFigures(record: FleetRecord, { agents, killAfterMs, outageMs, seconds }: FleetSettings): Figures {
  const killedAtMs = record.startAtWallMs + killAfterMs
  const resumedAtMs = killedAtMs + outageMs
  const endAtMs = record.startAtWallMs + seconds * 1000
  const caughtUpAtMs = caughtUpAfter(record, endAtMs) ?? Number.NaN
  const before: Stretch = { life: 1, fromMs: record.startAtWallMs + Math.min(warmUpMs, killAfterMs / 2), toMs: killedAtMs }
  const catching: Stretch = { life: 2, fromMs: resumedAtMs, toMs: Number.isNaN(caughtUpAtMs) ? endAtMs : caughtUpAtMs }
  const after: Stretch = { life: 2, fromMs: caughtUpAtMs, toMs: endAtMs }
  const merged = mergedIn(record, [
    { ...before, fromMs: record.startAtWallMs },
    { life: 2, fromMs: Number.isNaN(caughtUpAtMs) ? resumedAtMs : caughtUpAtMs, toMs: Number.POSITIVE_INFINITY },
  ])
  const lateOf = (shard: number, second: number): number => record.agents.lateMs[second]?.[shard] ?? 0
  const lags = new Lags(merged)
  const ownLags = new Lags(merged.map(([shard, second, lagMs]) => [shard, second, lagMs - lateOf(shard, second)]))
  const thirdMs = (endAtMs - caughtUpAtMs) / 3
  const firstThird = bytesIn(record, { ...after, toMs: caughtUpAtMs + thirdMs })
  const lastThird = bytesIn(record, { ...after, fromMs: endAtMs - thirdMs })
  return {
    [fleetFigures.cores]: coresIn(record, [before, after], 'controllerCpuSeconds'),
    'cores of Redis, steady': coresIn(record, [before, after], 'redisCpuSeconds'),
    'ms from the end of a second to its being merged, p50': lags.quantileMs(0.5),
    'ms from the end of a second to its being merged, p99': lags.quantileMs(0.99),
    [fleetFigures.lagMs]: lags.worstMs,
    'the second of that': lags.worstSecond,
    'ms from the end of a second to the handing over, p99': quantile(inOrder(record.agents.lateMs.flat()), 0.99),
    'ms from the handing over to the merging, p50': ownLags.quantileMs(0.5),
    'ms from the handing over to the merging, p99': ownLags.quantileMs(0.99),
    [fleetFigures.ownLagMs]: ownLags.worstMs,
    'the second of the worst such': ownLags.worstSecond,
    's from the new controller to having caught up': (caughtUpAtMs - resumedAtMs) / 1000,
    'cores of the controller, catching up': coresIn(record, [catching], 'controllerCpuSeconds'),
    'MB of the first controller': bytesIn(record, before) / megabyte,
    'MB of the second, first third after catching up': firstThird / megabyte,
    'MB of the second, last third': lastThird / megabyte,
    'MB of the second, most': Math.max(...record.looks.map(({ controllerBytes }) => controllerBytes)) / megabyte,
    'MB of Redis, most': Math.max(...record.looks.map(({ redisBytes }) => redisBytes)) / megabyte,
    [fleetFigures.growth]: lastThird / firstThird,
    [fleetFigures.snapshotBytes]: record.agents.snapshotBytes,
    'snapshots sent': record.agents.sent,
    'snapshots merged': record.ended.merged,
    [fleetFigures.missing]:
      Math.abs(agents * seconds - record.ended.merged) + Math.abs(record.agents.calls - record.ended.calls) / 1000,
  }
}

const isNew = ([, , lagMs]: MergedSnapshot): boolean => lagMs < caughtUpMs

/** The first word of the second controller, while there is load, that tells of nothing old. */
function caughtUpAfter({ merged }: FleetRecord, endAtMs: number): number | undefined {
  return merged.find(
    ({ life, snapshots, atWallMs }) => life === 2 && atWallMs < endAtMs && snapshots.length > 0 && snapshots.every(isNew),
  )?.atWallMs
}

function mergedIn({ merged }: FleetRecord, stretches: readonly Stretch[]): MergedSnapshot[] {
  const inside = stretches.flatMap(({ life, fromMs, toMs }) =>
    merged.filter((word) => word.life === life && word.atWallMs > fromMs && word.atWallMs <= toMs),
  )
  return inside.flatMap(({ snapshots }) => snapshots)
}

class Lags {
  readonly #inOrder: readonly MergedSnapshot[]

  constructor(merged: readonly MergedSnapshot[]) {
    this.#inOrder = merged.toSorted(([, , a], [, , b]) => a - b)
  }

  get worstMs(): number {
    return this.#inOrder.at(-1)?.[2] ?? Number.NaN
  }

  get worstSecond(): number {
    return this.#inOrder.at(-1)?.[1] ?? Number.NaN
  }

  quantileMs(share: number): number {
    return quantile(
      this.#inOrder.map(([, , lagMs]) => lagMs),
      share,
    )
  }
}

const inOrder = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

function looksIn({ looks }: FleetRecord, { life, fromMs, toMs }: Stretch): FleetLook[] {
  return looks.filter((look) => look.life === life && look.atWallMs >= fromMs && look.atWallMs <= toMs)
}

function coresIn(record: FleetRecord, stretches: readonly Stretch[], figure: 'controllerCpuSeconds' | 'redisCpuSeconds'): number {
  let cpuSeconds = 0
  let seconds = 0
  for (const stretch of stretches) {
    const looks = looksIn(record, stretch)
    const [first, last] = [looks[0], looks.at(-1)]
    if (first === undefined || last === undefined) continue
    cpuSeconds += last[figure] - first[figure]
    seconds += (last.atWallMs - first.atWallMs) / 1000
  }
  return cpuSeconds / seconds
}

const bytesIn = (record: FleetRecord, stretch: Stretch): number =>
  median(looksIn(record, stretch).map(({ controllerBytes }) => controllerBytes))
