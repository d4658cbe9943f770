import { ClosedSeconds } from './closed-seconds.ts'
import { OpenSecond } from './open-second.ts'
import type { TimelinePoint } from './run-numbers.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The run second by second. The newest seconds stay open, with their histograms, for shards that report late; older ones are
 * closed to one small point each, and in a long run to one for several seconds. What comes for a closed second still adds to its counts, but no longer to its percentiles.
 */
export class Timeline {
  readonly #windowSeconds: number
  readonly #open = new Map<number, OpenSecond>()
  readonly #closed = new ClosedSeconds()
  #newest = -1
  lateSnapshots = 0

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds
  }

  /** @param fill adds the calls of the snapshot to its second. */
  add(shard: number, epoch: number, snapshot: Snapshot, fill: (second: OpenSecond) => void): void {
    this.#advanceTo(snapshot.second)
    const isLate = snapshot.second <= this.#newest - this.#windowSeconds
    const second = isLate ? new OpenSecond(snapshot.second) : this.#openSecond(snapshot.second)
    fill(second)
    second.add(shard, epoch, snapshot)
    if (!isLate) return
    this.lateSnapshots++
    this.#closed.addLate(second.toPoint())
  }

  points(): TimelinePoint[] {
    const open = [...this.#open.values()].map((second) => second.toPoint())
    return [...this.#closed.points(), ...open].toSorted((a, b) => a.second - b.second)
  }

  /** The newest `seconds` seconds that hold their histograms, in order, without a last one that some shard has yet to report on. */
  recent(seconds: number): OpenSecond[] {
    const inOrder = [...this.#open.values()].toSorted((a, b) => a.second - b.second)
    const last = inOrder.at(-1)
    const beforeLast = inOrder.at(-2)
    const isComplete = beforeLast === undefined || beforeLast.shards.every((shard) => last?.hasShard(shard) === true)
    const shown = isComplete ? inOrder : inOrder.slice(0, -1)
    const from = (shown.at(-1)?.second ?? 0) - seconds
    return shown.filter(({ second }) => second > from)
  }

  #advanceTo(second: number): void {
    if (second <= this.#newest) return
    this.#newest = second
    for (const open of this.#open.values()) {
      if (open.second > second - this.#windowSeconds) continue
      this.#closed.add(open.toPoint())
      this.#open.delete(open.second)
    }
  }

  #openSecond(number: number): OpenSecond {
    const second = this.#open.get(number) ?? new OpenSecond(number)
    this.#open.set(number, second)
    return second
  }
}
