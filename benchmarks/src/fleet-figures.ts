import { quantile } from './many-machines.ts'
import { median, type Figures } from './rounds.ts'
import type { FleetLook, FleetRecord, FleetSettings } from './simulate-fleet.ts'

export const fleetFigures = {
  cores: 'cores of the controller, steady',
  lagMs: 'ms of lag, worst',
  growth: 'MB of the controller, last minute ÷ first',
  missing: 'snapshots sent and not merged, or merged twice',
} as const

/** Whoever shows what is newer than this has caught up. */
const caughtUpMs = 2_000
/** Until a process has compiled what runs often, and its heap has its size. */
const warmUpMs = 10_000
const minuteMs = 60_000
const megabyte = 2 ** 20

interface Stretch {
  readonly life: 1 | 2
  readonly fromMs: number
  readonly toMs: number
}

/** What a fleet of simulated agents came to. Whatever is called steady leaves out the outage and the catching up after it. */
export function toFleetFigures(record: FleetRecord, { agents, killAfterMs, outageMs, seconds }: FleetSettings): Figures {
  const killedAtMs = record.startAtWallMs + killAfterMs
  const endAtMs = record.startAtWallMs + seconds * 1000
  const caughtUpAtMs = caughtUpAfter(record, killedAtMs)
  const before = { life: 1, fromMs: record.startAtWallMs + Math.min(warmUpMs, killAfterMs / 2), toMs: killedAtMs } as const
  const after = { life: 2, fromMs: caughtUpAtMs, toMs: endAtMs } as const
  const lags = lagsIn(record, [
    { ...before, fromMs: record.startAtWallMs },
    { ...after, toMs: Number.POSITIVE_INFINITY },
  ])
  const catching = { life: 2, fromMs: killedAtMs + outageMs, toMs: caughtUpAtMs } as const
  const firstMinute = bytesIn(record, { ...after, toMs: caughtUpAtMs + minuteMs })
  const lastMinute = bytesIn(record, { ...after, fromMs: endAtMs - minuteMs })
  return {
    [fleetFigures.cores]: coresIn(record, [before, after], 'controllerCpuSeconds'),
    'cores of Redis, steady': coresIn(record, [before, after], 'redisCpuSeconds'),
    'ms of lag, p50': quantile(lags, 0.5),
    'ms of lag, p99': quantile(lags, 0.99),
    [fleetFigures.lagMs]: lags.at(-1) ?? Number.NaN,
    'ms that the agents themselves were late, p99': record.agents.lateMs.p99,
    's from the new controller to having caught up': (caughtUpAtMs - killedAtMs - outageMs) / 1000,
    'cores of the controller, catching up': coresIn(record, [catching], 'controllerCpuSeconds'),
    'MB of the first controller': bytesIn(record, before) / megabyte,
    'MB of the second, first minute after catching up': firstMinute / megabyte,
    'MB of the second, last minute': lastMinute / megabyte,
    'MB of the second, most': Math.max(...record.looks.map(({ controllerBytes }) => controllerBytes)) / megabyte,
    'MB of Redis, most': Math.max(...record.looks.map(({ redisBytes }) => redisBytes)) / megabyte,
    [fleetFigures.growth]: lastMinute / firstMinute,
    'snapshots sent': record.agents.sent,
    'snapshots merged': record.ended.merged,
    [fleetFigures.missing]:
      Math.abs(agents * seconds - record.ended.merged) + Math.abs(record.agents.calls - record.ended.calls) / 1000,
  }
}

/** The first word of the second controller whose newest snapshot is new. */
function caughtUpAfter({ merged }: FleetRecord, killedAtMs: number): number {
  const word = merged.find(({ life, lagsMs }) => life === 2 && (lagsMs.at(-1) ?? Number.POSITIVE_INFINITY) < caughtUpMs)
  return word?.atWallMs ?? merged.at(-1)?.atWallMs ?? killedAtMs
}

function lagsIn({ merged }: FleetRecord, stretches: readonly Stretch[]): number[] {
  const inside = stretches.flatMap(({ life, fromMs, toMs }) =>
    merged.filter((word) => word.life === life && word.atWallMs > fromMs && word.atWallMs <= toMs),
  )
  return inside.flatMap(({ lagsMs }) => lagsMs).toSorted((a, b) => a - b)
}

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
