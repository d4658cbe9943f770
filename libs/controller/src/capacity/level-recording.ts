import { RunAggregate, type RunNumbers, type Snapshot } from '@squall/metrics'

interface Kept {
  readonly shard: number
  readonly snapshot: Snapshot
}

/** The snapshots of one level of load, kept by the second, so that any stretch of them can be judged by itself. Lives as long as the level. */
export class LevelRecording {
  readonly #kept: Kept[] = []

  add(shard: number, snapshot: Snapshot): void {
    this.#kept.push({ shard, snapshot })
  }

  /** The last second that any shard told of; -1 before the first. */
  get lastSecond(): number {
    return this.#kept.reduce((last, { snapshot }) => Math.max(last, snapshot.second), -1)
  }

  /**
   * What was measured in a stretch of whole seconds.
   * @param to exclusive.
   */
  numbers(from: number, to: number): RunNumbers {
    const aggregate = new RunAggregate({ windowSeconds: Math.max(1, to - from), warmUpSeconds: from })
    const sequences = new Map<number, number>()
    for (const { shard, snapshot } of this.#kept) {
      if (snapshot.second < from || snapshot.second >= to) continue
      const sequence = sequences.get(shard) ?? 0
      sequences.set(shard, sequence + 1)
      aggregate.add(shard, 1, sequence, snapshot)
    }
    return aggregate.numbers(to)
  }
}
