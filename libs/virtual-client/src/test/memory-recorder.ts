import type { CallSeries, CounterName, LatencyName, Recorder, SeriesKey } from '@squall/metrics'

export interface RecordedCall extends SeriesKey {
  readonly serviceMs: number
  readonly responseMs: number
  readonly errorCode: string | undefined
}

/** Keeps every call, so that a test can look at each. */
export class MemoryRecorder implements Recorder {
  readonly calls: RecordedCall[] = []
  readonly latencies: { readonly name: LatencyName; readonly latencyMs: number }[] = []
  readonly counters = new Map<CounterName, number>()
  lookups = 0

  series(key: SeriesKey): CallSeries {
    this.lookups++
    return { record: (serviceMs, responseMs, errorCode) => void this.calls.push({ ...key, serviceMs, responseMs, errorCode }) }
  }

  count(counter: CounterName, amount: number): void {
    this.counters.set(counter, (this.counters.get(counter) ?? 0) + amount)
  }

  latency(name: LatencyName, latencyMs: number): void {
    this.latencies.push({ name, latencyMs })
  }

  clientsChanged(): void {
    throw new Error('clients are counted by their scheduler')
  }

  scheduleLag(): void {
    throw new Error('lag is counted by the scheduler')
  }

  /** How often each method was recorded. */
  get methods(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { method } of this.calls) counts.set(method, (counts.get(method) ?? 0) + 1)
    return counts
  }

  codesOf(method: string): readonly (string | undefined)[] {
    return this.calls.filter((call) => call.method === method).map(({ errorCode }) => errorCode)
  }
}
