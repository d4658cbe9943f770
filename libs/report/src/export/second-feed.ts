import {
  counterNames,
  LatencyHistogram,
  type CounterName,
  type SeriesKey,
  type SeriesSnapshot,
  type Snapshot,
} from '@squall/metrics'
import type { CallNumbers, ExportedSecond } from './numbers-export.ts'

/** After this many seconds nobody waits for a generator any more that has not reported. */
const patienceSeconds = 3

class Calls implements CallNumbers {
  ok = 0
  failed = 0
  readonly errors = new Map<string, number>()
  readonly service = new LatencyHistogram()
  readonly response = new LatencyHistogram()

  add({ ok, failed, errors, service, response }: SeriesSnapshot): void {
    this.ok += ok
    this.failed += failed
    for (const [code, count] of Object.entries(errors)) this.errors.set(code, (this.errors.get(code) ?? 0) + count)
    this.service.mergeEncoded(service)
    this.response.mergeEncoded(response)
  }
}

interface Reported {
  readonly shard: number
  readonly snapshot: Snapshot
}

interface Series {
  readonly key: SeriesKey
  now: Calls
  readonly sinceStart: Calls
}

/**
 * Puts the snapshots of several generators together to whole seconds, in order. What comes for a second that was given out already is
 * part of the next one, so that sums stay right.
 */
export class SecondFeed {
  readonly #shards: number
  readonly #startAtWallMs: number
  readonly #newestOf = new Map<number, number>()
  readonly #waiting: Reported[] = []
  readonly #series = new Map<string, Series>()
  readonly #counters = new Map<string, number>()
  #next = 0

  constructor(shards: number, startAtWallMs: number) {
    this.#shards = shards
    this.#startAtWallMs = startAtWallMs
  }

  /** @returns the seconds that are whole now. */
  add(shard: number, snapshot: Snapshot): ExportedSecond[] {
    this.#newestOf.set(shard, Math.max(snapshot.second, this.#newestOf.get(shard) ?? -1))
    this.#waiting.push({ shard, snapshot })
    const newest = Math.max(...this.#newestOf.values())
    const slowest = this.#newestOf.size < this.#shards ? -1 : Math.min(...this.#newestOf.values())
    return this.#giveUpTo(Math.max(slowest, newest - patienceSeconds))
  }

  /** @returns the seconds nobody reports on any more; what came too late for the last of them is one more. */
  finish(): ExportedSecond[] {
    const seconds = this.#giveUpTo(Math.max(-1, ...this.#newestOf.values()))
    const late = this.#waiting.splice(0)
    return late.length === 0 ? seconds : [...seconds, this.#merge(late)]
  }

  #giveUpTo(last: number): ExportedSecond[] {
    const seconds: ExportedSecond[] = []
    for (; this.#next <= last; this.#next++) {
      const due = this.#waiting.filter(({ snapshot }) => snapshot.second <= this.#next)
      const later = this.#waiting.filter(({ snapshot }) => snapshot.second > this.#next)
      this.#waiting.splice(0, this.#waiting.length, ...later)
      // A second in which no generator got to speak has nothing to say.
      if (due.length > 0) seconds.push(this.#merge(due))
    }
    return seconds
  }

  #merge(reported: readonly Reported[]): ExportedSecond {
    for (const series of this.#series.values()) series.now = new Calls()
    const snapshots = reported.map(({ snapshot }) => snapshot)
    for (const { series, counters } of snapshots) {
      for (const one of series) this.#addCalls(one)
      for (const [name, count] of Object.entries(counters)) addTo(this.#counters, name, count)
    }
    return {
      second: this.#next,
      atWallMs: this.#startAtWallMs + (this.#next + 1) * 1000,
      startAtWallMs: this.#startAtWallMs,
      series: [...this.#series.values()].map(({ key, now, sinceStart }) => ({ key, now, sinceStart })),
      clients: clientsOf(reported),
      counters: Object.fromEntries(counterNames.map((name) => [name, this.#counters.get(name) ?? 0])) as Record<
        CounterName,
        number
      >,
      generator: worstOf(snapshots),
    }
  }

  #addCalls(snapshot: SeriesSnapshot): void {
    const { method, tool, clientKind, transport, phase } = snapshot.key
    const text = [method, tool, clientKind, transport, phase].join('\u0000')
    const series = this.#series.get(text) ?? { key: snapshot.key, now: new Calls(), sinceStart: new Calls() }
    this.#series.set(text, series)
    series.now.add(snapshot)
    series.sinceStart.add(snapshot)
  }
}

/** Clients are not summed over time: where a generator reported more than one second, its newest counts. */
function clientsOf(reported: readonly Reported[]): Record<string, number> {
  const newestOf = new Map<number, Snapshot>()
  for (const { shard, snapshot } of reported)
    if (snapshot.second >= (newestOf.get(shard)?.second ?? 0)) newestOf.set(shard, snapshot)
  const clients = new Map<string, number>()
  for (const snapshot of newestOf.values())
    for (const [kind, count] of Object.entries(snapshot.clients)) addTo(clients, kind, count)
  return Object.fromEntries(clients)
}

const addTo = (counts: Map<string, number>, name: string, count: number): void =>
  void counts.set(name, (counts.get(name) ?? 0) + count)

function worstOf(snapshots: readonly Snapshot[]): ExportedSecond['generator'] {
  const healths = snapshots.map(({ generator }) => generator)
  return {
    cpuRatio: Math.max(...healths.map(({ cpuMs, wallMs }) => (wallMs > 0 ? cpuMs / wallMs : 0))),
    eventLoopDelayP99Ms: Math.max(...healths.map(({ eventLoopDelay }) => p99(eventLoopDelay))),
    scheduleLagP99Ms: Math.max(...healths.map(({ scheduleLag }) => p99(scheduleLag))),
  }
}

function p99(encoded: Uint8Array): number {
  const histogram = new LatencyHistogram()
  histogram.mergeEncoded(encoded)
  return histogram.quantileMs(0.99)
}
