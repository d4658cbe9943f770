import type { BoundedNames } from './bounded-names.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import type { CallSeries, SeriesKey } from './recorder.ts'
import type { SeriesSnapshot } from './snapshot.ts'

/** The calls of one series since the last snapshot. Recording allocates nothing once the bins of its latencies exist. */
export class RecordedSeries implements CallSeries {
  readonly #key: SeriesKey
  readonly #errorCodes: BoundedNames
  readonly #folded: { calls: number }
  readonly #service = new LatencyHistogram()
  readonly #response = new LatencyHistogram()
  readonly #errors = new Map<string, number>()
  #ok = 0
  #failed = 0

  constructor(key: SeriesKey, errorCodes: BoundedNames, folded: { calls: number }) {
    this.#key = key
    this.#errorCodes = errorCodes
    this.#folded = folded
  }

  get hasCalls(): boolean {
    return this.#ok + this.#failed > 0
  }

  record(serviceMs: number, responseMs: number, errorCode?: string): void {
    this.#service.record(serviceMs)
    this.#response.record(responseMs > serviceMs ? responseMs : serviceMs)
    if (errorCode === undefined) this.#ok++
    else this.#fail(errorCode)
  }

  /** Gives out what was recorded, and starts anew. */
  take(): SeriesSnapshot {
    const snapshot = {
      key: this.#key,
      ok: this.#ok,
      failed: this.#failed,
      errors: Object.fromEntries(this.#errors),
      service: this.#service.encode(),
      response: this.#response.encode(),
    }
    this.#ok = 0
    this.#failed = 0
    this.#errors.clear()
    this.#service.clear()
    this.#response.clear()
    return snapshot
  }

  #fail(errorCode: string): void {
    this.#failed++
    const code = this.#errorCodes.admit(errorCode)
    if (code !== errorCode) this.#folded.calls++
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
  }
}
