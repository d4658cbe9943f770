/** When the plan stood still: turns instants of the machine's clock into instants of the plan. */
export class PauseBook {
  readonly #pauses: { readonly fromMs: number; toMs: number }[] = []

  /** @param fromMs on the machine's monotonic clock. */
  began(fromMs: number): void {
    this.#pauses.push({ fromMs, toMs: Number.POSITIVE_INFINITY })
  }

  ended(toMs: number): void {
    const last = this.#pauses.at(-1)
    if (last !== undefined) last.toMs = toMs
  }

  /** How long the plan stood still before an instant. */
  standstillBefore(atMs: number): number {
    return this.#pauses.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(atMs, toMs) - fromMs), 0)
  }
}
