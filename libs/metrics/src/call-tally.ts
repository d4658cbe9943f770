import { LatencyHistogram } from './latency-histogram.ts'
import type { SeriesKey } from './recorder.ts'
import type { GroupNumbers } from './run-numbers.ts'
import type { SeriesReading } from './series-reading.ts'

/** A group of calls that is still being added to. */
export class CallTally implements GroupNumbers {
  readonly service = new LatencyHistogram()
  readonly response = new LatencyHistogram()
  readonly errors = new Map<string, number>()
  ok = 0
  failed = 0

  get calls(): number {
    return this.ok + this.failed
  }

  addReading({ ok, failed, errors, service, response }: SeriesReading): void {
    this.ok += ok
    this.failed += failed
    addCounts(this.errors, errors)
    this.service.mergeReading(service)
    this.response.mergeReading(response)
  }

  add(other: CallTally): void {
    this.ok += other.ok
    this.failed += other.failed
    addCounts(this.errors, other.errors)
    this.service.merge(other.service)
    this.response.merge(other.response)
  }
}

/** All measured calls of one series of the run. */
export interface SeriesTally {
  readonly key: SeriesKey
  /** A new one after the numbers were reset. */
  tally: CallTally
}

export function addCounts(into: Map<string, number>, counts: Iterable<readonly [string, number]>): void {
  for (const [name, count] of counts) into.set(name, (into.get(name) ?? 0) + count)
}
