import type { LoadPlan } from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock, RandomSource } from '@squall/time'
import { backOffMs } from './back-off.ts'
import type { IterationBudget } from './iteration-budget.ts'
import type { Member } from './member.ts'
import { dropLateStarts, startsBefore } from './paced-starts.ts'

export interface ClosedLifeOptions {
  readonly plan: LoadPlan
  readonly schedule: HeapClock
  readonly random: RandomSource
  readonly recorder: Recorder
  readonly budget: IterationBudget
}

/** An iteration this short cannot have waited for anything outside the program. */
const shortestIterationMs = 0.1

/** The life of a client in the closed model: it opens once, and repeats its flow until it is to leave or the run ends. */
export class ClosedLife {
  readonly #member: Member
  readonly #options: ClosedLifeOptions
  readonly #over = Promise.withResolvers<boolean>()
  #made = 0
  /** Of the iteration under way: when it was to start, and how far the schedule was behind the clock beneath. */
  #intendedMs = 0
  #behindMs = 0

  constructor(member: Member, options: ClosedLifeOptions) {
    this.#member = member
    this.#options = options
  }

  /** @returns true where the client made all the iterations it was to make. */
  async live(): Promise<boolean> {
    await this.#open()
    this.#begin(this.#options.schedule.monotonicMs())
    return this.#over.promise
  }

  /** Begins an iteration, if there is to be one. A function that awaits each would cost more than all that it does. */
  readonly #begin = (intendedMs: number): void => {
    const { schedule, budget } = this.#options
    const { client, endSignals, isLeaving } = this.#member
    if (isLeaving) return this.#over.resolve(false)
    if (this.#isFinished || this.#made >= budget.perClient || !budget.take()) return this.#over.resolve(true)
    this.#intendedMs = intendedMs
    this.#behindMs = schedule.behindMs
    try {
      client.iterate(intendedMs + this.#behindMs, endSignals).then(this.#ended, this.#over.reject)
    } catch (error) {
      this.#over.reject(error)
    }
  }

  readonly #ended = (nextMs: number | undefined): void => {
    try {
      this.#made++
      this.#goOn(nextMs)
    } catch (error) {
      this.#over.reject(error)
    }
  }

  #goOn(nextMs: number | undefined): void {
    const { schedule } = this.#options
    const nowMs = schedule.runDue()
    const iterationMs = nowMs - this.#intendedMs
    // Without a pace there is no schedule to be late for, and mostly nothing to wait for either.
    if (nextMs === undefined && iterationMs >= shortestIterationMs && !schedule.isStopped) return this.#begin(nowMs)
    const pause = nextMs === undefined ? this.#takeBreath(iterationMs) : this.#awaitStart(nextMs - this.#behindMs)
    pause.then(this.#begin, this.#over.reject)
  }

  /** Where a client has nothing left to do, such as data that are each used once. */
  get #isFinished(): boolean {
    return this.#member.client.isFinished === true
  }

  async #open(): Promise<void> {
    const { schedule, random } = this.#options
    for (let failures = 1; !this.#member.isLeaving && !this.#isFinished; failures++) {
      if (await this.#member.client.open(this.#member.endSignals)) return
      await this.#member.waitUntil(schedule.monotonicMs() + backOffMs(failures, random))
    }
  }

  /** A flow that waits for nothing must not keep the timers from running, and one that stands still goes on when time does. */
  async #takeBreath(iterationMs: number): Promise<number> {
    const { schedule } = this.#options
    if (iterationMs < shortestIterationMs) await new Promise((resolve) => setImmediate(resolve))
    if (schedule.isStopped) await this.#member.waitUntil(schedule.monotonicMs())
    return schedule.monotonicMs()
  }

  /** @returns when the next iteration should start, on the schedule's clock. */
  async #awaitStart(plannedMs: number): Promise<number> {
    const { schedule, recorder, plan, budget } = this.#options
    const made = this.#made
    const periodMs = plannedMs - this.#intendedMs
    const freeMs = Math.min(schedule.monotonicMs(), this.#member.leftMs)
    const { startMs, dropped } = dropLateStarts(plannedMs, periodMs, freeMs, plan.maxLagMs)
    const counted = budget.dropped(dropped, made)
    if (counted > 0) recorder.count('droppedStarts', counted)
    const isFree = startMs > freeMs
    if (isFree || schedule.isStopped) {
      await this.#waitFor(startMs)
      if (!this.#member.isLeaving) recorder.scheduleLag(Math.max(0, schedule.monotonicMs() - Math.max(startMs, freeMs)))
    }
    if (this.#member.isLeaving) this.#countMissed(startMs, periodMs, made + counted)
    return startMs
  }

  // Who is told to leave, and then to stay, was woken before its time.
  async #waitFor(startMs: number): Promise<void> {
    const { schedule } = this.#options
    do await this.#member.waitUntil(startMs)
    while (!this.#member.isLeaving && schedule.monotonicMs() < startMs - roundingMs)
  }

  // Starts that were due before the end, while the client still waited for an answer or the generator slept, will never be made.
  #countMissed(startMs: number, periodMs: number, made: number): void {
    const { budget, recorder } = this.#options
    const missed = budget.missed(startsBefore(startMs, periodMs, this.#member.leftMs), made)
    if (missed > 0) recorder.count('droppedStarts', missed)
  }
}

/** After a pause the clock may read a rounding error less than what a timer was set for. */
const roundingMs = 1e-6
