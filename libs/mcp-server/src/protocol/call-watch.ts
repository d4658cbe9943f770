import type { Clock, Timer } from '@squall/time'

interface Watched {
  readonly startedMs: number
  readonly onBeat: (elapsedMs: number) => void
}

const beatMs = 1000

/** Notes once a second which calls still run. One timer serves all calls, since nearly every one ends before it is ever told. */
export class CallWatch {
  readonly #clock: Clock
  readonly #watched = new Set<Watched>()
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Watches a call until the function that comes back is called.
   * @param onBeat called about once a second with the call's age, the first time when it is at least a second old.
   */
  start(onBeat: (elapsedMs: number) => void): () => void {
    const watched = { startedMs: this.#clock.monotonicMs(), onBeat }
    this.#watched.add(watched)
    if (this.#timer === undefined) this.#schedule()
    return () => void this.#watched.delete(watched)
  }

  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #schedule(): void {
    this.#timer = this.#clock.at(this.#clock.monotonicMs() + beatMs, () => {
      this.#timer = undefined
      this.#beat()
      if (this.#watched.size > 0) this.#schedule()
    })
  }

  #beat(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const { startedMs, onBeat } of this.#watched) if (nowMs - startedMs >= beatMs) onBeat(nowMs - startedMs)
  }
}
