import { NotWanted } from './not-wanted.ts'

/** One of those who share a capacity, as they are now. */
export interface Sharer {
  /** Whether somebody still waits for what a place would be used for. */
  readonly isWaiting: () => boolean
  /** Gives up a place that lies unused, where there is one. */
  readonly giveUpIdle: () => Promise<boolean>
}

interface Wish {
  readonly sharer: Sharer
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/**
 * Places that several sharers use, at most so many in all. While there are enough everybody gets what they ask for. When they run out,
 * the next place goes to the sharer that has the fewest, and of those to whoever asked first; who has more than others that wait gives up
 * what lies unused, and what comes back (`shouldGiveUp`). So each gets an equal share in the end, and nobody has to be interrupted.
 */
export class Capacity {
  readonly #places: number
  readonly #taken = new Map<Sharer, number>()
  readonly #wishes = new Set<Wish>()
  #total = 0
  #isFreeing = false

  constructor(places: number) {
    this.#places = places
  }

  /** Places in use. */
  get taken(): number {
    return this.#total
  }

  takenBy(sharer: Sharer): number {
    return this.#taken.get(sharer) ?? 0
  }

  /** @throws NotWanted where nobody waits for the place any longer when it comes; the signal's reason. */
  async take(sharer: Sharer, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#total < this.#places && this.#wishes.size === 0) return this.#give(sharer)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const wish = { sharer, resolve, reject }
    const onAbort = (): void => {
      this.#wishes.delete(wish)
      reject(signal.reason)
    }
    this.#wishes.add(wish)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      this.#freeUnused()
      await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Gives a place back. */
  giveBack(sharer: Sharer): void {
    this.#total -= 1
    const left = this.takenBy(sharer) - 1
    if (left > 0) this.#taken.set(sharer, left)
    else this.#taken.delete(sharer)
    this.#serve()
  }

  /**
   * Whether a sharer that has done with a place should not keep it, as somebody else waits who has none, or at least two fewer. A
   * smaller difference would only move places to and fro. Where the sharer itself has no use for it, it never keeps it.
   */
  shouldGiveUp(sharer: Sharer): boolean {
    const next = this.#next()
    if (next === undefined || next.sharer === sharer) return false
    const nextHas = this.takenBy(next.sharer)
    return nextHas === 0 || this.takenBy(sharer) > nextHas + 1 || !sharer.isWaiting()
  }

  #give(sharer: Sharer): void {
    this.#total += 1
    this.#taken.set(sharer, this.takenBy(sharer) + 1)
  }

  #serve(): void {
    while (this.#total < this.#places) {
      const wish = this.#next()
      if (!wish) return
      this.#wishes.delete(wish)
      this.#give(wish.sharer)
      wish.resolve()
    }
    this.#freeUnused()
  }

  /** The wish that is served next; those nobody waits for any longer are dropped. */
  #next(): Wish | undefined {
    let best: Wish | undefined
    for (const wish of this.#wishes) {
      if (!wish.sharer.isWaiting()) {
        this.#wishes.delete(wish)
        wish.reject(new NotWanted())
      } else if (!best || this.takenBy(wish.sharer) < this.takenBy(best.sharer)) best = wish
    }
    return best
  }

  /** What lies unused with others goes to who waits: first from whoever has the most. */
  #freeUnused(): void {
    if (this.#isFreeing) return
    this.#isFreeing = true
    // Detached: what it frees comes back through `giveBack`.
    void this.#freeOne().finally(() => (this.#isFreeing = false))
  }

  async #freeOne(): Promise<void> {
    const wish = this.#next()
    if (!wish) return
    const others = [...this.#taken.entries()].filter(([sharer]) => sharer !== wish.sharer)
    for (const [sharer] of others.toSorted(([, a], [, b]) => b - a)) if (await sharer.giveUpIdle()) return
  }
}
