import type { Clock, Timer } from '@squall/time'
import { parsePrometheus, type MetricReading } from './parse-prometheus.ts'
import { readSigns, type TargetSigns } from './metric-signs.ts'

/** Fetches the target's metrics as text; throws where it has none. */
export type FetchMetrics = (signal: AbortSignal) => Promise<string>

interface TimedReading {
  readonly atMs: number
  readonly reading: MetricReading
}

const everyMs = 1000
/** A target that cannot answer this any more is not asked for longer than the next reading is due. */
const patienceMs = 900

/** Reads a target's own metrics every second while a level of load is held. Readings that fail are left out: the target has its hands full. */
export class TargetWatch {
  readonly #clock: Clock
  readonly #fetchMetrics: FetchMetrics
  readonly #readings: TimedReading[] = []
  readonly #stop = new AbortController()
  #timer: Timer

  constructor(clock: Clock, fetchMetrics: FetchMetrics) {
    this.#clock = clock
    this.#fetchMetrics = fetchMetrics
    this.#timer = clock.at(clock.monotonicMs(), () => this.#tick())
  }

  /**
   * What the readings of a stretch say; nothing where there are fewer than two.
   * @param fromMs on the monotonic clock, as `toMs`.
   * @param callsPerSecond tool calls that were answered meanwhile.
   */
  signs(fromMs: number, toMs: number, callsPerSecond: number): TargetSigns {
    const within = this.#readings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    const [first, last] = [within[0], within.at(-1)]
    if (first === undefined || last === undefined || first === last) return {}
    return readSigns({
      readings: within.map(({ reading }) => reading),
      seconds: (last.atMs - first.atMs) / 1000,
      callsPerSecond,
    })
  }

  close(): void {
    this.#timer.cancel()
    this.#stop.abort()
  }

  #tick(): void {
    this.#timer = this.#clock.at(this.#clock.monotonicMs() + everyMs, () => this.#tick())
    const atMs = this.#clock.monotonicMs()
    this.#fetchMetrics(AbortSignal.any([this.#stop.signal, AbortSignal.timeout(patienceMs)])).then(
      (text) => this.#readings.push({ atMs, reading: parsePrometheus(text) }),
      // A target without metrics, or without the time to tell them: the report says which signs it rests on.
      () => undefined,
    )
  }
}
