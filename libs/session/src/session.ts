import type { ClientType } from './client-type.ts'
import type { FairClient } from './fair-queue.ts'

/** Whose a session is. */
export interface SessionOwner {
  /** The same for the same owner always, and for nobody else. */
  readonly id: string
  /** Under what name its sessions are counted and its turns taken, together with those of others of that name; its id where absent. */
  readonly account?: string | undefined
  /** Turns it has for each one of an owner of weight 1, where calls have to wait. */
  readonly weight: number
  /** Whether it stands for many callers that only their sessions tell apart. */
  readonly isShared: boolean
}

/** What is known of a client when its session opens. */
export interface SessionFacts {
  readonly owner: SessionOwner
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
  /** What it is found by where its clients never name it, as it stands for all that an owner's clients of one name send; else absent. */
  readonly implicitKey: string | undefined
  /** How it stands in line. */
  readonly client: FairClient
  /** On the monotonic clock, in milliseconds. */
  readonly openedMs: number
  #lastSeenMs: number
  #activeRequests = 0
  readonly #streams = new Set<() => void>()
  #finishedRequests = 0
  #failedRequests = 0
  #responseMsSum = 0
  #hasEnded = false

  constructor(id: string, facts: SessionFacts, nowMs: number, implicitKey?: string) {
    this.id = id
    this.facts = bounded(facts)
    this.implicitKey = implicitKey
    const { owner } = facts
    this.client = { id, principal: accountOf(owner), weight: owner.weight, isShared: owner.isShared }
    this.openedMs = nowMs
    this.#lastSeenMs = nowMs
  }

  get lastSeenMs(): number {
    return this.#lastSeenMs
  }

  get isImplicit(): boolean {
    return this.implicitKey !== undefined
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

/** Whose an owner's sessions count as. */
export function accountOf({ id, account = id }: SessionOwner): string {
  return account
}

const longestName = 200

/** What clients say of themselves is kept for long, so not more of it than people read. */
function bounded(facts: SessionFacts): SessionFacts {
  const { clientName, clientVersion } = facts
  if ((clientName?.length ?? 0) <= longestName && (clientVersion?.length ?? 0) <= longestName) return facts
  return { ...facts, clientName: cut(clientName), clientVersion: cut(clientVersion) }
}

/** A slice of a text keeps all of it in memory, which a copy does not. */
export function cut(text: string | undefined): string | undefined {
  return text === undefined || text.length <= longestName ? text : Buffer.from(text.slice(0, longestName)).toString()
}
