import { faultCases } from './fault-cases.ts'
import { packNames } from './fault-packs.ts'
import type { FaultResult } from './fault-result.ts'

/** One run, as the proof writes it down. */
export interface FaultLine extends FaultResult {
  readonly name: string
  readonly leaseSeconds: number
}

type Column = readonly [head: string, show: (runs: readonly FaultLine[]) => string]

const columns: readonly Column[] = [
  ['what breaks', ([first]) => first?.name ?? ''],
  ['lease', ([first]) => `${first?.leaseSeconds} s`],
  ['pack', ([first]) => first?.pack ?? ''],
  ['runs', (runs) => String(runs.length)],
  ['goes on elsewhere after', (runs) => spread(runs, ({ pickupMs }) => pickupMs, inSeconds)],
  ['shard-seconds lost', (runs) => `${spread(runs, ({ lostShardSeconds }) => lostShardSeconds)} of ${runs[0]?.shardSeconds}`],
  ['starts planned', (runs) => spread(runs, ({ planned }) => planned)],
  ['of them in gaps', (runs) => spread(runs, ({ inGaps, underWay }) => inGaps + underWay)],
  ['dropped or failed', (runs) => spread(runs, ({ toldMissing }) => toldMissing)],
  ['unaccounted', (runs) => spread(runs, ({ unaccounted }) => unaccounted.length)],
  ['target counted', (runs) => spread(runs, ({ targetCounted }) => targetCounted)],
  ['report counted', (runs) => spread(runs, ({ reportCounted }) => reportCounted)],
  ['untold, in gaps', (runs) => spread(runs, ({ untold }) => untold)],
]

/** As markdown: of each kind of run the median, and the worst where it differs. */
export function faultTable(lines: readonly FaultLine[]): string {
  const rows = faultCases.flatMap(({ name, leaseSeconds }) =>
    packNames.flatMap((pack) => {
      const runs = lines.filter((line) => line.name === name && line.leaseSeconds === leaseSeconds && line.pack === pack)
      return runs.length === 0 ? [] : [columns.map(([, show]) => show(runs))]
    }),
  )
  return [columns.map(([head]) => head), columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function spread(
  runs: readonly FaultLine[],
  of: (run: FaultLine) => number | null,
  show: (value: number) => string = String,
): string {
  const values = runs.flatMap((run) => of(run) ?? []).toSorted((a, b) => a - b)
  const median = values[Math.floor((values.length - 1) / 2)]
  const worst = values.at(-1)
  if (median === undefined || worst === undefined) return '–'
  return median === worst ? show(median) : `${show(median)} (${show(worst)})`
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
