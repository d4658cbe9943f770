import type { ClientType } from './client-type.ts'

/** What is known of a client when its session opens. */
export interface SessionFacts {
  readonly clientType: ClientType
  /** As the client calls itself; for people to read. */
  readonly clientName?: string | undefined
  readonly clientVersion?: string | undefined
  readonly protocolVersion?: string | undefined
}

/** Why a session ended. */
export type SessionEnd = 'deleted' | 'expired' | 'evicted' | 'shutdown'

/** `active` has a request in flight, `streaming` only an open event stream, `idle` neither. */
export type SessionState = 'active' | 'streaming' | 'idle' | 'ended'

/** Numbers of one session so far. */
export interface SessionStats {
  readonly totalRequests: number
  readonly failedRequests: number
  readonly activeRequests: number
  /** Mean time from a request's start to its end, in milliseconds; 0 before the first ended. */
  readonly meanResponseMs: number
}

/** One client's session: who it is, how long it has been still, what it did. */
export class Session {
  readonly id: string
  readonly facts: SessionFacts
  /** On the monotonic clock, in milliseconds. */
  readonly openedMs: number
  #lastSeenMs: number
  #activeRequests = 0
  readonly #streams = new Set<() => void>()
  #finishedRequests = 0
  #failedRequests = 0
  #responseMsSum = 0
  #hasEnded = false

  constructor(id: string, facts: SessionFacts, nowMs: number) {
    this.id = id
    this.facts = facts
    this.openedMs = nowMs
    this.#lastSeenMs = nowMs
  }

  get lastSeenMs(): number {
    return this.#lastSeenMs
  }

  get state(): SessionState {
    if (this.#hasEnded) return 'ended'
    if (this.#activeRequests > 0) return 'active'
    return this.#streams.size > 0 ? 'streaming' : 'idle'
  }

  get hasStream(): boolean {
    return this.#streams.size > 0
  }

  stats(): SessionStats {
    const finished = this.#finishedRequests
    return {
      totalRequests: finished + this.#activeRequests,
      failedRequests: this.#failedRequests,
      activeRequests: this.#activeRequests,
      meanResponseMs: finished === 0 ? 0 : this.#responseMsSum / finished,
    }
  }

  /** The client gave a sign of life. */
  touch(nowMs: number): void {
    this.#lastSeenMs = nowMs
  }

  requestStarted(nowMs: number): void {
    this.#activeRequests += 1
    this.touch(nowMs)
  }

  requestEnded(startedMs: number, nowMs: number, succeeded: boolean): void {
    this.#activeRequests -= 1
    this.#finishedRequests += 1
    if (!succeeded) this.#failedRequests += 1
    this.#responseMsSum += nowMs - startedMs
    this.touch(nowMs)
  }

  /** @param close called when the session ends before the stream does. */
  streamOpened(nowMs: number, close: () => void): void {
    this.#streams.add(close)
    this.touch(nowMs)
  }

  streamClosed(nowMs: number, close: () => void): void {
    this.#streams.delete(close)
    this.touch(nowMs)
  }

  end(): void {
    this.#hasEnded = true
    for (const close of this.#streams) close()
  }
}
