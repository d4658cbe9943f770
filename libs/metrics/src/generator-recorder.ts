import { BoundedNames } from './bounded-names.ts'
import { ClientGauge } from './client-gauge.ts'
import { counterNames, noCounters } from './counters.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { LatencySet } from './latency-set.ts'
import type { CallSeries, CounterName, LatencyName, Recorder, SeriesKey } from './recorder.ts'
import { RecordedSeries } from './recorded-series.ts'
import { defaultSeriesLimits, SeriesTable, type SeriesLimits } from './series-table.ts'
import type { ProcessHealth, Snapshot } from './snapshot.ts'

/** Keeps the numbers of one generator and gives them out second by second, each time only what is new. */
export class GeneratorRecorder implements Recorder {
  readonly #series: SeriesTable<RecordedSeries>
  readonly #errorCodes: BoundedNames
  readonly #clientKinds: BoundedNames
  readonly #clients = new ClientGauge()
  readonly #scheduleLag = new LatencyHistogram()
  readonly #latencies = new LatencySet()
  readonly #folded = { calls: 0 }
  #counters = noCounters()

  constructor(limits: SeriesLimits = defaultSeriesLimits) {
    this.#errorCodes = new BoundedNames(limits.errorCodes)
    this.#clientKinds = new BoundedNames(limits.clientKinds)
    this.#series = new SeriesTable(limits, (key) => new RecordedSeries(key, this.#errorCodes, this.#folded))
  }

  series(key: SeriesKey): CallSeries {
    const { value, isFolded } = this.#series.find(key)
    return isFolded ? new FoldedSeries(value, this.#folded) : value
  }

  count(counter: CounterName, amount: number): void {
    this.#counters[counter] += amount
  }

  latency(name: LatencyName, latencyMs: number): void {
    this.#latencies.record(name, latencyMs)
  }

  clientsChanged(clientKind: string, delta: 1 | -1): void {
    this.#clients.change(this.#clientKinds.admit(clientKind), delta)
  }

  scheduleLag(lagMs: number): void {
    this.#scheduleLag.record(lagMs)
  }

  /**
   * What happened since the last snapshot, which starts a new one.
   * @param second the second since T0 that has just ended.
   */
  takeSnapshot(second: number, health: ProcessHealth): Snapshot {
    const snapshot: Snapshot = {
      second,
      clients: this.#clients.take(),
      counters: Object.fromEntries(
        counterNames.filter((name) => this.#counters[name] > 0).map((name) => [name, this.#counters[name]]),
      ),
      series: [...this.#series.values()].filter((series) => series.hasCalls).map((series) => series.take()),
      foldedCalls: this.#folded.calls,
      latencies: this.#latencies.take(),
      generator: { ...health, scheduleLag: this.#scheduleLag.encode() },
    }
    this.#counters = noCounters()
    this.#folded.calls = 0
    this.#scheduleLag.clear()
    return snapshot
  }
}

/** A series that stands for names beyond the bound, and counts what it takes in. */
class FoldedSeries implements CallSeries {
  readonly #series: CallSeries
  readonly #folded: { calls: number }

  constructor(series: CallSeries, folded: { calls: number }) {
    this.#series = series
    this.#folded = folded
  }

  record(serviceMs: number, responseMs: number, errorCode?: string): void {
    const before = this.#folded.calls
    this.#series.record(serviceMs, responseMs, errorCode)
    // Once, though its error code may be folded too.
    this.#folded.calls = before + 1
  }
}
