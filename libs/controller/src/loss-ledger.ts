import type { FabricEvent } from '@squall/fabric'
import type { AgentInfo, Gap, Loss } from '@squall/report'

interface ShardBook {
  snapshots: number
  /** The second after the last one that arrived. */
  nextSecond: number
  announced: number | undefined
  lostBecause: string | undefined
}

/** Keeps book of what each shard said and should have said. */
export class LossLedger {
  readonly #shards: readonly ShardBook[]

  constructor(shards: number) {
    this.#shards = Array.from({ length: shards }, () => ({
      snapshots: 0,
      nextSecond: 0,
      announced: undefined,
      lostBecause: undefined,
    }))
  }

  /** @param isNew false for a snapshot that was merged before. */
  note(event: FabricEvent, isNew = true): void {
    const book = this.#shards[event.shard]
    if (book === undefined) throw new Error(`there is no shard ${event.shard}`)
    if (event.type === 'shard-lost') book.lostBecause = event.cause
    else if (event.type === 'shard-finished') book.announced = event.snapshots
    else if (event.type === 'snapshot' && isNew) {
      book.snapshots++
      book.nextSecond = Math.max(book.nextSecond, event.snapshot.second + 1)
    }
  }

  /** @param endSecond where the run's load ended, exclusive: lost shards should have gone on until there. */
  loss(endSecond: number): Loss {
    const gaps = this.#shards.flatMap((book, shard) => gapOf(book, shard, endSecond))
    return {
      shardSeconds: gaps.reduce((sum, { fromSecond, toSecond }) => sum + toSecond - fromSecond, 0),
      snapshots: this.#shards.reduce((sum, { announced = 0, snapshots }) => sum + Math.max(0, announced - snapshots), 0),
      gaps,
    }
  }

  /** With the local fabric each shard has a process of its own. */
  agents(host: string, wasStopped: boolean): AgentInfo[] {
    return this.#shards.map(({ lostBecause }, shard) => ({
      id: `generator-${shard}`,
      host,
      shards: [shard],
      state: lostBecause === undefined ? (wasStopped ? 'stopped' : 'finished') : 'lost',
    }))
  }
}

function gapOf({ lostBecause, nextSecond }: ShardBook, shard: number, endSecond: number): Gap[] {
  if (lostBecause === undefined) return []
  return [{ shard, fromSecond: nextSecond, toSecond: Math.max(nextSecond, endSecond), cause: lostBecause }]
}
