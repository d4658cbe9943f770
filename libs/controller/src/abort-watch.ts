import type { FabricEvent } from '@squall/fabric'
import { isProblem, parseThreshold, phaseSeconds, type LoadPlan, type Phase, type Threshold } from '@squall/load-plan'
import { RunAggregate } from '@squall/metrics'
import type { ThresholdResult } from '@squall/report'
import { judgeThreshold } from './judge-threshold.ts'
import type { PlanTime } from './plan-time.ts'

/** The newest seconds a threshold is judged over: what happened long ago must not hide, nor cause, an end. */
export const abortWindowSeconds = 10
/** For how many of them there must have been load, of the phase where one is named, before its rate is judged. */
const leastRateSeconds = 5

type SnapshotEvent = Extract<FabricEvent, { type: 'snapshot' }>

/** Looks at the newest seconds of a run for a threshold that is to end it when it breaks. */
export class AbortWatch {
  readonly #rules: readonly { readonly threshold: Threshold; readonly afterMs: number }[]
  readonly #warmUpSeconds: number
  #window: SnapshotEvent[] = []
  #newest = -1

  constructor(plan: LoadPlan) {
    const { aborts = [], warmUpMs } = plan
    this.#rules = aborts.map(({ expression, afterMs }) => {
      const threshold = parseThreshold(expression)
      if (isProblem(threshold)) throw new Error(`a plan holds a threshold that cannot be read: ${expression}`)
      return { threshold, afterMs }
    })
    this.#warmUpSeconds = Math.ceil(warmUpMs / 1000)
  }

  take(event: FabricEvent): void {
    if (event.type !== 'snapshot' || this.#rules.length === 0) return
    this.#window.push(event)
    if (event.snapshot.second <= this.#newest) return
    this.#newest = event.snapshot.second
    this.#window = this.#window.filter(({ snapshot }) => snapshot.second > this.#newest - abortWindowSeconds)
  }

  /**
   * @param phases what the run goes through.
   * @returns the first threshold that the newest seconds break, and which is due to be looked at.
   */
  broken(time: Pick<PlanTime, 'nowMs' | 'planMsAt'>, phases: readonly Phase[]): ThresholdResult | undefined {
    if (this.#newest < this.#warmUpSeconds) return undefined
    // Who takes a run over reads what happened long ago, when a threshold was not due yet.
    const dueMs = Math.min(time.nowMs, time.planMsAt(this.#newest + 1))
    const due = this.#rules.filter(({ afterMs }) => dueMs >= afterMs)
    if (due.length === 0) return undefined
    const first = Math.max(this.#warmUpSeconds, this.#newest - abortWindowSeconds + 1)
    const aggregate = new RunAggregate({ warmUpSeconds: first })
    for (const { shard, epoch, sequence, snapshot } of this.#window) aggregate.add(shard, epoch, sequence, snapshot)
    // Snapshots count the seconds of the run, phases those of the plan, which stands still in a pause.
    const window = { fromMs: time.planMsAt(first), toMs: time.planMsAt(this.#newest + 1) }
    const numbers = aggregate.numbers(first + enough((window.toMs - window.fromMs) / 1000))
    const secondsOf = (phase: string): number => enough(phaseSeconds(phases, phase, window))
    return due
      .map(({ threshold }) => judgeThreshold(threshold, numbers, secondsOf))
      .find(({ ok, value }) => !ok && value !== null)
  }
}

/** Over less, a rate says more of how calls fell into the seconds than of the load; 0 seconds have no rate at all. */
const enough = (seconds: number): number => (seconds < leastRateSeconds ? 0 : seconds)
