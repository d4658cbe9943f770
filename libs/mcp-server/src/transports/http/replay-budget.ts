/** Something that keeps events for clients that may come back. */
export interface Keeper {
  /** Drops everything it keeps. */
  forget(): void
}

/** Bounds what all streams together keep for clients that may come back: beyond it, the stream that is the oldest forgets. */
export class ReplayBudget {
  readonly #maxBytes: number
  readonly #keepers = new Map<Keeper, number>()
  #usedBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  take(keeper: Keeper, bytes: number): void {
    this.#keepers.set(keeper, (this.#keepers.get(keeper) ?? 0) + bytes)
    this.#usedBytes += bytes
    while (this.#usedBytes > this.#maxBytes) {
      const [oldest] = this.#keepers.keys()
      if (oldest === undefined) return
      oldest.forget()
    }
  }

  release(keeper: Keeper, bytes: number): void {
    const kept = this.#keepers.get(keeper) ?? 0
    this.#usedBytes -= Math.min(bytes, kept)
    if (bytes >= kept) this.#keepers.delete(keeper)
    else this.#keepers.set(keeper, kept - bytes)
  }
}
