import { BoundedNames, otherName } from './bounded-names.ts'
import { CallTally, type SeriesTally } from './call-tally.ts'
import { counterNames, lifeCycleCounters, noCounters } from './counters.ts'
import { GeneratorTally } from './generator-tally.ts'
import { groupBy, totalErrors } from './group-by.ts'
import { LatencySet } from './latency-set.ts'
import { liveNumbersOf } from './live-numbers.ts'
import type { LiveNumbers, RunNumbers } from './run-numbers.ts'
import { defaultSeriesLimits, SeriesTable, type SeriesLimits } from './series-table.ts'
import { SeriesReader } from './series-reading.ts'
import { SnapshotLedger } from './snapshot-ledger.ts'
import type { SeriesSnapshot, Snapshot } from './snapshot.ts'
import type { OpenSecond } from './open-second.ts'
import { Timeline } from './timeline.ts'

export interface RunAggregateOptions {
  /** Whole seconds at the start to leave out of the groups; 0 unless given. */
  readonly warmUpSeconds?: number
  /** For how many seconds a second takes snapshots of other shards into its percentiles, and how far `recent` can look back; 60 unless given. */
  readonly windowSeconds?: number
  readonly limits?: SeriesLimits
}

/**
 * The numbers of a whole run, merged from the snapshots of all shards: each once, in any order, exactly.
 * Its memory grows with the number of series and by one small timeline point a second, not with the number of calls.
 */
export class RunAggregate {
  #warmUpSeconds: number
  readonly #ledger = new SnapshotLedger()
  readonly #timeline: Timeline
  readonly #series: SeriesTable<SeriesTally>
  readonly #errorCodes: BoundedNames
  readonly #reader = new SeriesReader()
  readonly #generator = new GeneratorTally()
  readonly #latencies = new LatencySet()
  readonly #counters = noCounters()
  readonly #warmUp = { calls: 0, failed: 0 }
  readonly #sinceStart = { calls: 0, failed: 0, droppedStarts: 0 }
  #foldedCalls = 0
  #endSeconds = 0

  constructor(options: RunAggregateOptions = {}) {
    const limits = options.limits ?? defaultSeriesLimits
    this.#warmUpSeconds = options.warmUpSeconds ?? 0
    this.#timeline = new Timeline(options.windowSeconds ?? 60)
    this.#errorCodes = new BoundedNames(limits.errorCodes)
    this.#series = new SeriesTable(limits, (key) => ({ key, tally: new CallTally() }))
  }

  /** @returns false where this snapshot was merged before; it changes nothing then. */
  add(shard: number, epoch: number, sequence: number, snapshot: Snapshot): boolean {
    if (!this.#ledger.admit(shard, epoch, sequence)) return false
    const isWarmUp = snapshot.second < this.#warmUpSeconds
    this.#timeline.add(shard, epoch, snapshot, (second) => {
      for (const one of snapshot.series) this.#addSeries(one, second, isWarmUp)
    })
    this.#foldedCalls += snapshot.foldedCalls
    this.#endSeconds = Math.max(this.#endSeconds, snapshot.second + Math.min(1, snapshot.generator.wallMs / 1000))
    this.#countSinceStart(snapshot)
    this.#addCounters(snapshot, isWarmUp)
    this.#generator.add(snapshot.generator, isWarmUp)
    if (!isWarmUp) this.#latencies.mergeEncoded(snapshot.latencies ?? {})
    return true
  }

  /** Where the last snapshot ends, in seconds since T0. */
  get endSeconds(): number {
    return this.#endSeconds
  }

  /** The first second that counts. */
  get measuredFromSecond(): number {
    return this.#warmUpSeconds
  }

  /**
   * Lets the numbers begin anew with a second that no snapshot is of yet; what was measured before is left out as the warm-up is.
   * A second that is left out already changes nothing.
   */
  resetFrom(second: number): void {
    if (second <= this.#warmUpSeconds) return
    this.#warmUpSeconds = second
    for (const series of this.#series.values()) {
      if (series.key.method === 'tools/call') addTo(this.#warmUp, series.tally)
      series.tally = new CallTally()
    }
    for (const name of counterNames) if (!lifeCycleCounters.has(name)) this.#counters[name] = 0
    this.#generator.reset()
    this.#latencies.clear()
  }

  /** @param loadSeconds how long load was made since T0; up to the end of the last snapshot unless given. */
  numbers(loadSeconds: number = this.#endSeconds): RunNumbers {
    const all = [...this.#series.values()].filter(({ tally }) => tally.calls > 0)
    const toolCalls = all.filter(({ key }) => key.method === 'tools/call')
    const others = all.filter(({ key }) => key.method !== 'tools/call')
    const timeline = this.#timeline.points()
    return {
      warmUpSeconds: this.#warmUpSeconds,
      measuredSeconds: Math.max(0, loadSeconds - this.#warmUpSeconds),
      warmUp: { ...this.#warmUp },
      totals: groupBy(toolCalls, () => 'all').get('all') ?? new CallTally(),
      tools: groupBy(toolCalls, (key) => key.tool),
      methods: groupBy(others, (key) => key.method),
      clientKinds: groupBy(toolCalls, (key) => key.clientKind),
      transports: groupBy(toolCalls, (key) => key.transport),
      phases: groupBy(toolCalls, (key) => key.phase),
      errors: totalErrors(all),
      latencies: this.#latencies.numbers(),
      counters: { ...this.#counters },
      foldedCalls: this.#foldedCalls,
      lateSnapshots: this.#timeline.lateSnapshots,
      clientsPeak: timeline.reduce((peak, { clients }) => Math.max(peak, clients), 0),
      timeline,
      generator: this.#generator.numbers(),
    }
  }

  /** The last seconds of the run, at most as many as the window holds. */
  recent(seconds: number): LiveNumbers {
    return liveNumbersOf(this.#timeline.recent(seconds), { ...this.#sinceStart })
  }

  #countSinceStart(snapshot: Snapshot): void {
    const toolCalls = snapshot.series.filter(({ key }) => key.method === 'tools/call')
    const ok = toolCalls.reduce((sum, series) => sum + series.ok, 0)
    const failed = toolCalls.reduce((sum, series) => sum + series.failed, 0)
    this.#sinceStart.calls += ok + failed
    this.#sinceStart.failed += failed
    this.#sinceStart.droppedStarts += snapshot.counters.droppedStarts ?? 0
    if (snapshot.second >= this.#warmUpSeconds) return
    this.#warmUp.calls += ok + failed
    this.#warmUp.failed += failed
  }

  #addCounters(snapshot: Snapshot, isWarmUp: boolean): void {
    for (const name of counterNames)
      if (!isWarmUp || lifeCycleCounters.has(name)) this.#counters[name] += snapshot.counters[name] ?? 0
  }

  #addSeries(series: SeriesSnapshot, second: OpenSecond, isWarmUp: boolean): void {
    const { value, isFolded } = this.#series.find(series.key)
    const errors = this.#boundedErrors(series, isFolded)
    const reading = this.#reader.read(series, { key: value.key, errors })
    second.addSeries(reading)
    if (!isWarmUp) value.tally.addReading(reading)
  }

  // Every shard keeps to the limits by itself; together they could still bring more names than the report may hold.
  #boundedErrors({ key, ok, failed, errors }: SeriesSnapshot, isKeyFolded: boolean): [string, number][] {
    let folded = isKeyFolded ? ok + failed - (errors[otherName] ?? 0) : 0
    const bounded = Object.entries(errors).map(([code, count]): [string, number] => {
      const admitted = this.#errorCodes.admit(code)
      if (admitted !== code && !isKeyFolded) folded += count
      return [admitted, count]
    })
    // A call counts once, whatever of it was folded, and its shard may have counted it.
    if (folded > 0 && !Object.values(key).includes(otherName)) this.#foldedCalls += folded
    return bounded
  }
}

function addTo(count: { calls: number; failed: number }, { calls, failed }: CallTally): void {
  count.calls += calls
  count.failed += failed
}
