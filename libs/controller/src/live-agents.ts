import type { FabricEvent, RunAgent } from '@squall/fabric'
import { LatencyHistogram, type Snapshot } from '@squall/metrics'
import type { LiveAgentRow } from '@squall/report'

/** A generator that reported nothing for so many seconds of the run is worth a word. */
const silentAfterSeconds = 3

type Health = Pick<Snapshot, 'second' | 'generator'>

/** How the generators of each machine fare, as their newest snapshots tell. */
export class LiveAgents {
  readonly #newest = new Map<number, Health>()

  take(event: FabricEvent): void {
    if (event.type !== 'snapshot') return
    const { second, generator } = event.snapshot
    // What was counted while nobody could be told comes late.
    if (second >= (this.#newest.get(event.shard)?.second ?? 0)) this.#newest.set(event.shard, { second, generator })
  }

  /** @param elapsedSeconds since T0. */
  rows(agents: readonly RunAgent[], shards: number, elapsedSeconds: number): LiveAgentRow[] {
    return agents.map(({ id, workers, cores, holds, isLost }) => {
      const healths = holds.flatMap((shard) => this.#newest.get(shard) ?? [])
      const heardAt = Math.min(...healths.map(({ second }) => second + 1))
      const silentSeconds = healths.length === 0 ? 0 : Math.max(0, Math.floor(elapsedSeconds - heardAt))
      return {
        agent: id,
        workers,
        cores,
        shares: holds.length,
        shareOfLoad: holds.length / shards,
        coresUsed: healths.reduce((sum, { generator }) => sum + generator.cpuMs / Math.max(1, generator.wallMs), 0),
        lagMs: healths.length === 0 ? null : Math.max(...healths.map(lagOf)),
        state: isLost
          ? 'gone'
          : silentSeconds > silentAfterSeconds
            ? `silent for ${silentSeconds} s`
            : holds.length > 0
              ? 'working'
              : 'waiting',
      }
    })
  }
}

/** How late the calls of a second were started, at its 99th percentile. */
function lagOf({ generator: { scheduleLag } }: Health): number {
  const histogram = new LatencyHistogram()
  histogram.mergeEncoded(scheduleLag)
  return histogram.quantileMs(0.99)
}
