import type { LoadPlan } from '@squall/load-plan'
import type { Recorder } from '@squall/metrics'
import type { HeapClock, RandomSource } from '@squall/time'
import { backOffMs } from './back-off.ts'
import type { Member } from './member.ts'
import { dropLateStarts, startsBefore } from './paced-starts.ts'

export interface ClosedLifeOptions {
  readonly plan: LoadPlan
  readonly schedule: HeapClock
  readonly random: RandomSource
  readonly recorder: Recorder
}

/** An iteration this short cannot have waited for anything outside the program. */
const shortestIterationMs = 0.1

/** The life of a client in the closed model: it opens once, and repeats its flow until the run ends. */
export class ClosedLife {
  readonly #member: Member
  readonly #options: ClosedLifeOptions

  constructor(member: Member, options: ClosedLifeOptions) {
    this.#member = member
    this.#options = options
  }

  async live(): Promise<void> {
    await this.#open()
    let intendedMs = this.#options.schedule.monotonicMs()
    while (!this.#isOver) intendedMs = await this.#iterate(intendedMs)
  }

  get #isOver(): boolean {
    return this.#member.isEnding || this.#member.client.isFinished === true
  }

  async #open(): Promise<void> {
    const { schedule, random } = this.#options
    for (let failures = 1; !this.#isOver; failures++) {
      if (await this.#member.client.open(this.#member.endSignals)) return
      await this.#member.waitUntil(schedule.monotonicMs() + backOffMs(failures, random))
    }
  }

  /** @returns when the next iteration should start, on the schedule's clock. */
  async #iterate(intendedMs: number): Promise<number> {
    const { schedule } = this.#options
    const { client, endSignals } = this.#member
    const startedMs = schedule.monotonicMs()
    const behindMs = schedule.behindMs
    const nextMs = await client.iterate(intendedMs + behindMs, endSignals)
    schedule.runDue()
    if (nextMs !== undefined) return this.#awaitStart(intendedMs, nextMs - behindMs)
    // Without a pace there is no schedule to be late for. But a flow that waits for nothing must not keep the timers from running.
    if (schedule.monotonicMs() - startedMs < shortestIterationMs) await new Promise((resolve) => setImmediate(resolve))
    if (schedule.isStopped) await this.#member.waitUntil(schedule.monotonicMs())
    return schedule.monotonicMs()
  }

  async #awaitStart(previousMs: number, plannedMs: number): Promise<number> {
    const { schedule, recorder, plan } = this.#options
    const periodMs = plannedMs - previousMs
    const freeMs = Math.min(schedule.monotonicMs(), this.#member.endedMs)
    const { startMs, dropped } = dropLateStarts(plannedMs, periodMs, freeMs, plan.maxLagMs)
    if (dropped > 0) recorder.count('droppedStarts', dropped)
    if (startMs > freeMs || schedule.isStopped) {
      await this.#member.waitUntil(startMs)
      if (!this.#member.isEnding) recorder.scheduleLag(Math.max(0, schedule.monotonicMs() - Math.max(startMs, freeMs)))
    }
    if (this.#member.isEnding) this.#countMissed(startMs, periodMs)
    return startMs
  }

  // Starts that were due before the end, while the client still waited for an answer, will never be made.
  #countMissed(startMs: number, periodMs: number): void {
    const missed = startsBefore(startMs, periodMs, this.#member.endedMs)
    if (missed > 0) this.#options.recorder.count('droppedStarts', missed)
  }
}
