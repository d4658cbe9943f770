import {
  countOfShare,
  createArrivalSchedule,
  defaultMaxClients,
  indicesOfShare,
  withRate,
  type ArrivalSchedule,
  type LoadChange,
  type LoadPlan,
  type OpenModel,
  type Share,
} from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock } from '@squall/time'
import type { Load } from './load.ts'
import type { Member } from './member.ts'
import type { Population } from './population.ts'
import { StartSequence, type Planned } from './start-sequence.ts'

export interface OpenLoadOptions {
  readonly plan: LoadPlan
  readonly model: OpenModel
  readonly share: Share
  readonly schedule: HeapClock
  readonly recorder: Recorder
  readonly population: Population
  readonly startAtMs: number
  readonly fromMs: number
}

interface Arrival extends Planned {
  readonly index: number
}

/** Starts a client at each arrival of a share, whatever became of those before: it opens, runs its flow once, and leaves. */
export class OpenLoad implements Load {
  readonly #options: OpenLoadOptions
  readonly #sequence: StartSequence<Arrival>
  /** So many clients of this share may be there at once. */
  readonly #mostClients: number
  #arrivals: ArrivalSchedule
  #changes = 0

  constructor(options: OpenLoadOptions) {
    const { plan, model, share, schedule, recorder, fromMs } = options
    this.#options = options
    this.#mostClients = countOfShare(model.maxClients ?? defaultMaxClients, share)
    this.#arrivals = createArrivalSchedule(model, plan.seed)
    this.#sequence = new StartSequence({
      schedule,
      next: this.#arrivalsFrom(fromMs),
      start: (arrival, nowMs) => this.#start(arrival, nowMs),
      miss: () => recorder.count('droppedStarts', 1),
    })
  }

  begin(): void {
    this.#sequence.begin()
  }

  end(): void {
    this.#sequence.end()
  }

  change(change: LoadChange): void {
    if (change.type !== 'set-rate') return
    const { model, plan, schedule, startAtMs } = this.#options
    const { atMs, factor } = change
    // Another seed for each change, or Poisson arrivals would repeat those before it.
    this.#arrivals = withRate(this.#arrivals, model, { atMs, factor, seed: plan.seed + ++this.#changes })
    // A change that comes late leaves what has been made by now as it is.
    this.#sequence.replan(this.#arrivalsFrom(Math.max(atMs, schedule.monotonicMs() - startAtMs)))
  }

  #arrivalsFrom(fromMs: number): () => Arrival | undefined {
    const { share, startAtMs } = this.#options
    const arrivals = this.#arrivals
    const indices = indicesOfShare(share, arrivals.count, arrivals.firstAtOrAfter(fromMs))
    return () => {
      const { done, value: index } = indices.next()
      return done === true ? undefined : { index, dueMs: startAtMs + arrivals.dueMs(index) }
    }
  }

  #start({ index, dueMs }: Arrival, nowMs: number): void {
    const { plan, schedule, recorder, population } = this.#options
    if (nowMs - dueMs > plan.maxLagMs || population.size >= this.#mostClients) return recorder.count('droppedStarts', 1)
    recorder.scheduleLag(nowMs - dueMs)
    const intendedMs = dueMs + schedule.behindMs
    population.start(index, async (member) => {
      await visit(member, intendedMs)
      // The program is awake anyway: what has become due meanwhile need not wait for the timer.
      schedule.runDue()
    })
  }
}

async function visit({ client, endSignals }: Member, intendedMs: number): Promise<void> {
  if (await client.open(endSignals)) await client.iterate(intendedMs, endSignals)
}
