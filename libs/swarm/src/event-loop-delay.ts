import { LatencyHistogram, type EncodedHistogram } from '@squall/metrics'
import type { Clock, Timer } from '@squall/time'

const sampleEveryMs = 10

/**
 * Measures how late the event loop runs what is due, every ten milliseconds. While the loop is blocked, the samples that would have been due
 * count too, each with what it would have waited; else a block of a second would be one sample among a hundred.
 *
 * Node's own `monitorEventLoopDelay` counts a block once, adds its own interval to each value, and loses a block in which it is reset: measured on Node 24.
 * Source of the correction: Tene's `recordValueWithExpectedInterval` in HdrHistogram.
 */
export class EventLoopDelay {
  readonly #clock: Clock
  readonly #delays = new LatencyHistogram()
  #timer: Timer

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = this.#sampleAt(clock.monotonicMs() + sampleEveryMs)
  }

  /** The delays since the last time this was called. */
  take(): EncodedHistogram {
    const encoded = this.#delays.encode()
    this.#delays.clear()
    return encoded
  }

  stop(): void {
    this.#timer.cancel()
  }

  #sampleAt(dueMs: number): Timer {
    return this.#clock.at(dueMs, () => {
      const nowMs = this.#clock.monotonicMs()
      for (let delayMs = nowMs - dueMs; delayMs >= 0; delayMs -= sampleEveryMs) this.#delays.record(delayMs)
      this.#timer = this.#sampleAt(nowMs + sampleEveryMs)
    })
  }
}
