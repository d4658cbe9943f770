import { LatencyHistogram } from './latency-histogram.ts'
import type { GeneratorNumbers } from './run-numbers.ts'
import type { GeneratorHealth } from './snapshot.ts'

/** Adds up how the generators fared. CPU time leaves the warm-up out, as the calls it is compared with do; memory does not. */
export class GeneratorTally {
  readonly #eventLoopDelay = new LatencyHistogram()
  readonly #scheduleLag = new LatencyHistogram()
  #cpuMs = 0
  #peakRssBytes = 0

  add(health: GeneratorHealth, isWarmUp: boolean): void {
    this.#peakRssBytes = Math.max(this.#peakRssBytes, health.rssBytes)
    if (isWarmUp) return
    this.#cpuMs += health.cpuMs
    this.#eventLoopDelay.mergeEncoded(health.eventLoopDelay)
    this.#scheduleLag.mergeEncoded(health.scheduleLag)
  }

  /** Leaves out what was added so far, as the warm-up is. */
  reset(): void {
    this.#cpuMs = 0
    this.#eventLoopDelay.clear()
    this.#scheduleLag.clear()
  }

  numbers(): GeneratorNumbers {
    return {
      cpuSeconds: this.#cpuMs / 1000,
      peakRssBytes: this.#peakRssBytes,
      eventLoopDelay: this.#eventLoopDelay.copy(),
      scheduleLag: this.#scheduleLag.copy(),
    }
  }
}
