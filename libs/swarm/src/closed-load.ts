import {
  clientsAtLevel,
  countOfShare,
  levelAt,
  populationChanges,
  stagesOf,
  withClients,
  type ClosedModel,
  type LoadChange,
  type LoadPlan,
  type LoadStage,
  type PopulationChange,
  type Share,
} from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock, RandomSource } from '@squall/time'
import { ClosedLife } from './closed-life.ts'
import { IterationBudget } from './iteration-budget.ts'
import type { Load } from './load.ts'
import type { Population } from './population.ts'
import { StartSequence } from './start-sequence.ts'

export interface ClosedLoadOptions {
  readonly plan: LoadPlan
  readonly model: ClosedModel
  readonly share: Share
  readonly schedule: HeapClock
  readonly random: RandomSource
  readonly recorder: Recorder
  readonly population: Population
  readonly startAtMs: number
  readonly fromMs: number
}

/** Lets the clients of a share come and go as the plan's stages say; each stays until it is to leave, is done, or the run ends. */
export class ClosedLoad implements Load {
  readonly #options: ClosedLoadOptions
  readonly #budget: IterationBudget
  readonly #sequence: StartSequence<PopulationChange>
  /** Clients that made all their iterations; they do not come back. */
  readonly #done = new Set<number>()
  /** How many clients there are to be, in all shares together. */
  #clients: number
  /** Of those, how many are done. */
  #doneCount = 0
  #stages: readonly LoadStage[]

  constructor(options: ClosedLoadOptions) {
    this.#options = options
    this.#stages = stagesOf(options.model)
    this.#clients = options.model.clients
    this.#budget = new IterationBudget(options.model, options.share)
    this.#sequence = new StartSequence({
      schedule: options.schedule,
      next: this.#changesFrom(options.fromMs),
      start: (change, nowMs) => this.#make(change, nowMs),
      // A client that comes too late to live at all is seen in the number of clients.
      miss: () => undefined,
    })
  }

  begin(): void {
    this.#sequence.begin()
    if (this.#isCounted) this.#endIfDone()
  }

  end(): void {
    this.#sequence.end()
  }

  change(change: LoadChange): void {
    if (change.type !== 'set-clients') return
    const { atMs, clients } = change
    this.#stages = withClients(this.#stages, atMs, clients, this.#options.model.spawnRatePerSecond)
    this.#options.population.leaveFrom(clientsAtLevel(levelAt(this.#stages, atMs)), this.#options.startAtMs + atMs)
    // It begins with everyone who should live by now; those who do are not started again.
    this.#sequence.replan(this.#changesFrom(atMs))
    this.#setClients(clients)
  }

  // A share that live control leaves no client goes on: it may be given some again.
  #setClients(clients: number): void {
    this.#clients = clients
    this.#doneCount = [...this.#done].filter((index) => index < clients).length
    if (this.#isCounted && this.#doneCount > 0) this.#endIfDone()
  }

  #changesFrom(fromMs: number): () => PopulationChange | undefined {
    const { share, startAtMs } = this.#options
    const changes = populationChanges(this.#stages, share, fromMs)
    return () => {
      const { done, value } = changes.next()
      return done === true ? undefined : { ...value, dueMs: startAtMs + value.dueMs }
    }
  }

  #make({ type, index, dueMs }: PopulationChange, nowMs: number): void {
    const { population, recorder } = this.#options
    if (type === 'leave') return population.leave(index, dueMs)
    if (population.stay(index) || this.#done.has(index) || this.#budget.isSpent) return
    recorder.scheduleLag(Math.max(0, nowMs - dueMs))
    population.start(index, async (member) => {
      const isDone = await new ClosedLife(member, { ...this.#options, budget: this.#budget }).live()
      if (isDone) this.#finish(index)
    })
  }

  /** Where the iterations are counted, the run may be over before its time is. */
  #finish(index: number): void {
    this.#done.add(index)
    if (index < this.#clients) this.#doneCount++
    this.#endIfDone()
  }

  get #isCounted(): boolean {
    const { iterationsPerClient, iterationsInTotal } = this.#options.model
    return iterationsPerClient !== undefined || iterationsInTotal !== undefined
  }

  /** A share that nothing falls to is done from the start: others need not wait for it. */
  #endIfDone(): void {
    const { share, population } = this.#options
    if (!this.#budget.isSpent && this.#doneCount < countOfShare(this.#clients, share)) return
    this.end()
    population.complete()
  }
}
