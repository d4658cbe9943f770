import { LatencyHistogram } from './latency-histogram.ts'
import type { LatencyName } from './recorder.ts'
import type { EncodedLatencies } from './snapshot.ts'

export const latencyNames: readonly LatencyName[] = ['firstEvent', 'notification', 'cancellation']

/** Histograms by name. Only names that were recorded are given out. */
export class LatencySet {
  readonly #byName = new Map<LatencyName, LatencyHistogram>()

  record(name: LatencyName, latencyMs: number): void {
    this.#of(name).record(latencyMs)
  }

  mergeEncoded(encoded: EncodedLatencies): void {
    // Written by `take`, which knows no other names.
    for (const [name, histogram] of Object.entries(encoded)) this.#of(name as LatencyName).mergeEncoded(histogram)
  }

  /** What was recorded since the last time. */
  take(): EncodedLatencies {
    const filled = [...this.#byName].filter(([, histogram]) => histogram.count > 0)
    const encoded = Object.fromEntries(filled.map(([name, histogram]) => [name, histogram.encode()]))
    for (const [, histogram] of filled) histogram.clear()
    return encoded
  }

  numbers(): Map<LatencyName, LatencyHistogram> {
    return new Map([...this.#byName].map(([name, histogram]) => [name, histogram.copy()]))
  }

  clear(): void {
    this.#byName.clear()
  }

  #of(name: LatencyName): LatencyHistogram {
    const histogram = this.#byName.get(name) ?? new LatencyHistogram()
    this.#byName.set(name, histogram)
    return histogram
  }
}
