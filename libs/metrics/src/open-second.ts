import { addCounts, CallTally } from './call-tally.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import type { TimelinePoint } from './run-numbers.ts'
import type { SeriesReading } from './series-reading.ts'
import type { GeneratorHealth, Snapshot } from './snapshot.ts'

/** Below this a snapshot covers too little time to tell what share of a core its process used. */
const shortestWallMs = 250

interface Gauge {
  readonly epoch: number
  readonly clients: Readonly<Record<string, number>>
}

/** One second of the run that snapshots of any shard may still be added to. */
export class OpenSecond {
  readonly second: number
  readonly calls = new CallTally()
  readonly tools = new Map<string, CallTally>()
  /** Failures of all methods. */
  readonly errors = new Map<string, number>()
  /** Successes of all methods. */
  answered = 0
  droppedStarts = 0
  generatorCpu = 0
  eventLoopUtilization = 0
  eventLoopDelayP99Ms = 0
  scheduleLagP99Ms = 0
  readonly #gauges = new Map<number, Gauge>()

  constructor(second: number) {
    this.second = second
  }

  /** Whether this shard has reported on this second. */
  hasShard(shard: number): boolean {
    return this.#gauges.has(shard)
  }

  get shards(): readonly number[] {
    return [...this.#gauges.keys()]
  }

  /** Clients alive at the fullest moment of the second, by kind; shards are taken to be at their fullest together. */
  get clientsByKind(): Record<string, number> {
    const byKind = new Map<string, number>()
    for (const gauge of this.#gauges.values()) addCounts(byKind, Object.entries(gauge.clients))
    return Object.fromEntries(byKind)
  }

  /** All of a snapshot but its calls. */
  add(shard: number, epoch: number, snapshot: Snapshot): void {
    this.droppedStarts += snapshot.counters.droppedStarts ?? 0
    this.#addHealth(snapshot.generator)
    this.#addGauge(shard, { epoch, clients: snapshot.clients })
  }

  addSeries(series: SeriesReading): void {
    addCounts(this.errors, series.errors)
    this.answered += series.ok
    const { method, tool } = series.key
    if (method !== 'tools/call') return
    this.calls.addReading(series)
    let tally = this.tools.get(tool)
    if (tally === undefined) this.tools.set(tool, (tally = new CallTally()))
    tally.addReading(series)
  }

  toPoint(): TimelinePoint {
    const clientsByKind = this.clientsByKind
    return {
      second: this.second,
      seconds: 1,
      calls: this.calls.calls,
      failed: this.calls.failed,
      answered: this.answered,
      clients: sumOf(clientsByKind),
      clientsByKind,
      droppedStarts: this.droppedStarts,
      ...quantilesOf(this.calls),
      toolCalls: Object.fromEntries([...this.tools].map(([tool, tally]) => [tool, tally.calls])),
      errors: Object.fromEntries(this.errors),
      generatorCpu: this.generatorCpu,
      eventLoopUtilization: this.eventLoopUtilization,
      eventLoopDelayP99Ms: this.eventLoopDelayP99Ms,
      scheduleLagP99Ms: this.scheduleLagP99Ms,
    }
  }

  // A shard that moved within the second is counted where it is now, and one that reported twice at its fuller moment.
  #addGauge(shard: number, gauge: Gauge): void {
    const known = this.#gauges.get(shard)
    const isNewer = known === undefined || gauge.epoch > known.epoch
    if (isNewer || (gauge.epoch === known.epoch && sumOf(gauge.clients) > sumOf(known.clients))) this.#gauges.set(shard, gauge)
  }

  #addHealth(health: GeneratorHealth): void {
    this.eventLoopDelayP99Ms = Math.max(this.eventLoopDelayP99Ms, p99Of(health.eventLoopDelay))
    this.scheduleLagP99Ms = Math.max(this.scheduleLagP99Ms, p99Of(health.scheduleLag))
    if (health.wallMs < shortestWallMs) return
    this.generatorCpu = Math.max(this.generatorCpu, health.cpuMs / health.wallMs)
    this.eventLoopUtilization = Math.max(this.eventLoopUtilization, health.eventLoopUtilization)
  }
}

/** Response and service percentiles as timeline and live numbers show them; null where there were no calls. */
export function quantilesOf(
  tally: CallTally,
): Pick<TimelinePoint, 'p50' | 'p95' | 'p99' | 'serviceP50' | 'serviceP95' | 'serviceP99'> {
  return {
    p50: quantile(tally.response, 0.5),
    p95: quantile(tally.response, 0.95),
    p99: quantile(tally.response, 0.99),
    serviceP50: quantile(tally.service, 0.5),
    serviceP95: quantile(tally.service, 0.95),
    serviceP99: quantile(tally.service, 0.99),
  }
}

const quantile = (histogram: LatencyHistogram, q: number): number | null =>
  histogram.count === 0 ? null : histogram.quantileMs(q)

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

function p99Of(encoded: Uint8Array): number {
  const histogram = new LatencyHistogram()
  histogram.mergeEncoded(encoded)
  return histogram.quantileMs(0.99)
}
