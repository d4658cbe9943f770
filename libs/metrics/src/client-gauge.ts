/** Counts clients by kind, and keeps how it was at the fullest moment since it was last asked. */
export class ClientGauge {
  readonly #now = new Map<string, number>()
  #total = 0
  #peak = 0
  /** Absent while no moment was fuller than the present one. */
  #fullest: ReadonlyMap<string, number> | undefined

  change(kind: string, delta: 1 | -1): void {
    if (delta < 0) this.#fullest ??= new Map(this.#now)
    this.#now.set(kind, (this.#now.get(kind) ?? 0) + delta)
    this.#total += delta
    if (this.#total <= this.#peak) return
    this.#peak = this.#total
    this.#fullest = undefined
  }

  /** How many there were of each kind at the fullest moment; the next one is looked for from now on. */
  take(): Record<string, number> {
    const fullest = this.#fullest ?? this.#now
    this.#peak = this.#total
    this.#fullest = undefined
    return Object.fromEntries([...fullest].filter(([, count]) => count > 0))
  }
}
