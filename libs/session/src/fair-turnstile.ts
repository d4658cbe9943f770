import type { Clock, Timer } from '@squall/time'
import { FairQueue, type Entry, type FairClient, type FairLimits, type Line } from './fair-queue.ts'

/** The right to be inside, until it is given back. */
export interface Pass {
  readonly line: Line
  readonly enteredMs: number
}

/** How a wait ended. `full` did not begin: too many wait already, for all or for this client. */
export type WaitEnd =
  | { readonly kind: 'entered'; readonly pass: Pass }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'full'; readonly whose: 'all' | 'client' }

export interface WaitOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface TurnstileStats {
  readonly running: number
  readonly waiting: number
  readonly clients: number
  /** Those that got in, at once or after a wait. */
  readonly enteredTotal: number
  readonly timeoutsTotal: number
  readonly abortsTotal: number
  /** Turned away as too many waited. */
  readonly fullTotal: number
  /** Time those waited in all who got in. */
  readonly waitedMs: { readonly total: number; readonly max: number }
}

type Resolve = (end: WaitEnd) => void

/** How much the last stay weighs in the mean stay. */
const smoothing = 0.1

/**
 * Lets so many in at once. While there is room it costs a few counters: no promise, no timer. When there is none, callers wait, each
 * with its own deadline and signal, and come in by the turns of a `FairQueue`.
 */
export class FairTurnstile {
  readonly #clock: Clock
  readonly #limits: () => FairLimits
  readonly #queue: FairQueue<Resolve>
  #meanStayMs = 0
  readonly #counts = { entered: 0, timeouts: 0, aborts: 0, full: 0, waitedMs: 0, longestWaitMs: 0 }

  constructor(clock: Clock, limits: () => FairLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#queue = new FairQueue(limits)
  }

  /** Lets a client in at once where there is room for it. */
  tryEnter(client: FairClient): Pass | undefined {
    const line = this.#queue.start(client)
    if (line === undefined) return undefined
    this.#counts.entered += 1
    return { line, enteredMs: this.#clock.monotonicMs() }
  }

  /** Waits for a client's turn. */
  wait(client: FairClient, { timeoutMs, signal }: WaitOptions): Promise<WaitEnd> {
    const whose = this.#queue.refusal(client)
    if (whose !== undefined) {
      this.#counts.full += 1
      return Promise.resolve({ kind: 'full', whose })
    }
    return new Promise((resolve) => this.#wait(client, timeoutMs, signal, resolve))
  }

  /** Gives the right back, and lets in whose turn it is. */
  leave({ line, enteredMs }: Pass): void {
    const stayMs = this.#clock.monotonicMs() - enteredMs
    this.#meanStayMs = this.#meanStayMs === 0 ? stayMs : this.#meanStayMs + smoothing * (stayMs - this.#meanStayMs)
    this.#queue.finish(line)
    this.admit()
  }

  /** Lets in as many as may; for when there may be more than before. */
  admit(): void {
    for (let entry = this.#queue.next(); entry !== undefined; entry = this.#queue.next())
      entry.item({ kind: 'entered', pass: { line: entry.line, enteredMs: this.#clock.monotonicMs() } })
  }

  /** How long who waits now may still wait, going by the stays of late, in milliseconds. */
  estimateWaitMs(): number {
    const { running } = this.#limits()
    return ((this.#queue.waiting + 1) * this.#meanStayMs) / Math.max(1, running)
  }

  get running(): number {
    return this.#queue.running
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  stats(): TurnstileStats {
    const { entered, timeouts, aborts, full, waitedMs, longestWaitMs } = this.#counts
    return {
      running: this.#queue.running,
      waiting: this.#queue.waiting,
      clients: this.#queue.clientCount,
      enteredTotal: entered,
      timeoutsTotal: timeouts,
      abortsTotal: aborts,
      fullTotal: full,
      waitedMs: { total: waitedMs, max: longestWaitMs },
    }
  }

  #wait(client: FairClient, timeoutMs: number, signal: AbortSignal | undefined, resolve: Resolve): void {
    if (signal?.aborted === true) return resolve({ kind: 'aborted' })
    const sinceMs = this.#clock.monotonicMs()
    const end = (how: WaitEnd): void => {
      timer.cancel()
      signal?.removeEventListener('abort', abort)
      this.#note(how, this.#clock.monotonicMs() - sinceMs)
      resolve(how)
    }
    const giveUp = (kind: 'timeout' | 'aborted'): void => {
      this.#queue.leave(entry)
      end({ kind })
    }
    const abort = (): void => giveUp('aborted')
    const entry: Entry<Resolve> = this.#queue.wait(client, end)
    const timer: Timer = this.#clock.at(sinceMs + timeoutMs, () => giveUp('timeout'))
    signal?.addEventListener('abort', abort, { once: true })
  }

  #note({ kind }: WaitEnd, waitedMs: number): void {
    if (kind === 'timeout') this.#counts.timeouts += 1
    else if (kind === 'aborted') this.#counts.aborts += 1
    else {
      this.#counts.entered += 1
      this.#counts.waitedMs += waitedMs
      this.#counts.longestWaitMs = Math.max(this.#counts.longestWaitMs, waitedMs)
    }
  }
}
