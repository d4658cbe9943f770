import type { Recorder } from '@squall/metrics'
import type { HeapClock } from '@squall/time'
import type { Cast } from './cast.ts'
import { endOfRun, Member } from './member.ts'

export interface PopulationOptions {
  readonly recorder: Recorder
  readonly schedule: HeapClock
  readonly cast: Cast
}

/** All virtual clients that are alive: each is counted when it comes and when it goes, and closed when its life is over. */
export class Population {
  readonly #options: PopulationOptions
  /** Everyone who is not yet closed. */
  readonly #members = new Set<Member>()
  /** Everyone whose life goes on, by index. */
  readonly #living = new Map<number, Member>()
  readonly #cutting = new AbortController()
  readonly #emptied = Promise.withResolvers<void>()
  #isComplete = false

  constructor(options: PopulationOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#members.size
  }

  /** Resolves once the population is complete and the last client has left; rejects with what a client threw. */
  get emptied(): Promise<void> {
    return this.#emptied.promise
  }

  /**
   * Brings client `index` of the run to life.
   * @param live what it does until it leaves; it heeds `member.isLeaving`.
   */
  start(index: number, live: (member: Member) => Promise<void>): void {
    this.#see(index, live).catch((error: unknown) => this.#emptied.reject(error))
  }

  /** Lets client `index` leave at the end of its iteration, where there is one. */
  leave(index: number, atMs: number): void {
    this.#living.get(index)?.leave(atMs)
  }

  /** Lets every client leave whose index is at least this. */
  leaveFrom(first: number, atMs: number): void {
    for (const [index, member] of this.#living) if (index >= first) member.leave(atMs)
  }

  /** Keeps client `index`, even if it was about to leave. @returns false where there is none. */
  stay(index: number): boolean {
    const member = this.#living.get(index)
    member?.stay()
    return member !== undefined
  }

  /** Nobody comes any more. */
  complete(): void {
    this.#isComplete = true
    this.#tellIfEmpty()
  }

  /**
   * Nobody begins another call, or waits any longer.
   * @param atMs when that was due, on the schedule's clock; now unless given.
   */
  end(atMs = this.#options.schedule.monotonicMs()): void {
    for (const member of this.#members) member.end(atMs)
  }

  /** Calls under way are cut. */
  cut(): void {
    this.#cutting.abort(endOfRun)
  }

  async #see(index: number, live: (member: Member) => Promise<void>): Promise<void> {
    const { cast, recorder, schedule } = this.#options
    const member = new Member(cast(index), schedule, this.#cutting.signal)
    const { clientKind } = member.client
    this.#members.add(member)
    this.#living.set(index, member)
    recorder.count('clientsStarted', 1)
    recorder.clientsChanged(clientKind, 1)
    try {
      await live(member)
    } finally {
      this.#living.delete(index)
      await member.client.close()
      recorder.count('clientsFinished', 1)
      recorder.clientsChanged(clientKind, -1)
      this.#members.delete(member)
      this.#tellIfEmpty()
    }
  }

  #tellIfEmpty(): void {
    if (this.#isComplete && this.#members.size === 0) this.#emptied.resolve()
  }
}
