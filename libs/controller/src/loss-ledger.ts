import type { FabricEvent } from '@squall/fabric'
import type { AgentInfo, Gap, Loss } from '@squall/report'

interface ShardBook {
  /** The second after the last one that arrived whole. */
  nextSecond: number
  /** By epoch: how many snapshots arrived, and how many there must have been, as the highest number of one and the generator's last word tell. */
  readonly snapshots: Map<number, { arrived: number; made: number }>
  lostBecause: string | undefined
  readonly gaps: ShardGap[]
}

/** A stretch before a generator of a shard: since the one before it, or since T0. */
interface ShardGap {
  /** Of the generator that was lost; zero where there was none. */
  readonly epoch: number
  readonly cause: string
  fromSecond: number
  /** Undefined while nobody goes on. */
  toSecond: number | undefined
}

/** A second that was cut by the loss of its generator is not whole, and one that took much longer is what a generator told that slept since. */
const wholeSecondMs = { least: 900, most: 1_500 }

/** Keeps book of what each shard said and should have said. */
export class LossLedger {
  readonly #shards: readonly ShardBook[]

  constructor(shards: number) {
    this.#shards = Array.from({ length: shards }, () => ({
      nextSecond: 0,
      snapshots: new Map(),
      lostBecause: undefined,
      gaps: [],
    }))
  }

  /** @param isNew false for a snapshot that was merged before. */
  note(event: FabricEvent, isNew = true): void {
    const book = this.#shards[event.shard]
    if (book === undefined) throw new Error(`there is no shard ${event.shard}`)
    if (event.type === 'shard-lost') book.lostBecause = event.cause
    else if (event.type === 'shard-finished') noteMade(book, event.epoch, event.snapshots)
    else if (event.type === 'shard-interrupted') openGap(book, event.epoch, event.cause)
    else if (event.type === 'shard-late') openGap(book, event.epoch - 1, event.cause)
    else if (event.type === 'snapshot' && isNew) noteSnapshot(book, event)
  }

  /** The second after the last one that arrived whole of a shard. */
  nextSecondOf(shard: number): number {
    return this.#shards[shard]?.nextSecond ?? 0
  }

  /** Whether some shard was not made to its end: it was lost, or whoever went on with it came after it. */
  get hasUnfinishedShards(): boolean {
    return this.#shards.some(({ lostBecause, gaps }) => lostBecause !== undefined || gaps.some(isOpen))
  }

  /** @param endSecond where the run's load ended, exclusive: lost shards should have gone on until there. */
  loss(endSecond: number): Loss {
    const gaps = this.#shards.flatMap((book, shard) => gapsOf(book, shard, endSecond))
    return {
      shardSeconds: gaps.reduce((sum, { fromSecond, toSecond }) => sum + toSecond - fromSecond, 0),
      snapshots: this.#shards.reduce((sum, book) => sum + missingOf(book), 0),
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

function openGap({ gaps, nextSecond }: ShardBook, epoch: number, cause: string): void {
  gaps.push({ epoch, cause, fromSecond: nextSecond, toSecond: undefined })
}

const isOpen = ({ toSecond }: ShardGap): boolean => toSecond === undefined

function noteMade({ snapshots }: ShardBook, epoch: number, made: number): { arrived: number; made: number } {
  const known = snapshots.get(epoch) ?? { arrived: 0, made: 0 }
  snapshots.set(epoch, known)
  known.made = Math.max(known.made, made)
  return known
}

type SnapshotEvent = Extract<FabricEvent, { type: 'snapshot' }>

function noteSnapshot(book: ShardBook, { epoch, sequence, snapshot }: SnapshotEvent): void {
  // They are numbered without a hole: of one that came, all before it were made.
  noteMade(book, epoch, sequence + 1).arrived++
  const { second, generator } = snapshot
  for (const gap of book.gaps) if (epoch > gap.epoch) gap.toSecond = Math.min(gap.toSecond ?? second, second)
  if (generator.wallMs < wholeSecondMs.least || generator.wallMs > wholeSecondMs.most) return
  book.nextSecond = Math.max(book.nextSecond, second + 1)
  // What a generator had sent before it was lost may come after the word that it was.
  for (const gap of book.gaps) if (epoch <= gap.epoch) gap.fromSecond = Math.max(gap.fromSecond, second + 1)
}

function gapsOf({ gaps, lostBecause, nextSecond }: ShardBook, shard: number, endSecond: number): Gap[] {
  const told = gaps.flatMap(({ fromSecond: lostFrom, toSecond = endSecond, cause }, index) => {
    const before = gaps[index - 1]
    // A generator may be lost before it told of a whole second: then the gap before its own is no second one.
    const fromSecond = before === undefined ? lostFrom : Math.max(lostFrom, before.toSecond ?? endSecond)
    return fromSecond < toSecond ? [{ shard, fromSecond, toSecond, cause }] : []
  })
  if (lostBecause === undefined) return told
  const isTold = gaps.some(isOpen) && told.length > 0
  return isTold
    ? told
    : [...told, { shard, fromSecond: nextSecond, toSecond: Math.max(nextSecond, endSecond), cause: lostBecause }]
}

const missingOf = ({ snapshots }: ShardBook): number =>
  [...snapshots.values()].reduce((sum, { arrived, made }) => sum + Math.max(0, made - arrived), 0)
