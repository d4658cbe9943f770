import { HistogramReading } from './histogram-reading.ts'
import { readHistogram } from './latency-histogram.ts'
import type { SeriesKey } from './recorder.ts'
import type { SeriesSnapshot } from './snapshot.ts'

/** The calls of one series in one snapshot, read once to be added to several tallies. */
export interface SeriesReading {
  readonly key: SeriesKey
  readonly ok: number
  readonly failed: number
  readonly errors: readonly (readonly [string, number])[]
  readonly service: HistogramReading
  readonly response: HistogramReading
}

/** Reads one series after the other, each into the memory of the one before. */
export class SeriesReader {
  readonly #service = new HistogramReading()
  readonly #response = new HistogramReading()

  /** @param bounded the key and the errors as they are kept, where there are too many of them. */
  read({ ok, failed, service, response }: SeriesSnapshot, bounded: Pick<SeriesReading, 'key' | 'errors'>): SeriesReading {
    const read = readHistogram(service, this.#service)
    return {
      ...bounded,
      ok,
      failed,
      service: read,
      response: response === service ? read : readHistogram(response, this.#response),
    }
  }
}
