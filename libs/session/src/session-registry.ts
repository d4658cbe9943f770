import { randomUUID } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { Clock, Timer } from '@squall/time'
import { clientTypes, type ClientType } from './client-type.ts'
import { sessionErrors } from './errors.ts'
import { Session, type SessionEnd, type SessionFacts } from './session.ts'

export interface SessionRegistryOptions {
  readonly clock: Clock
  /** A session without a request in flight or an open stream ends after this long. */
  readonly idleTtlMs: number
  /** At the cap, the session that has been still the longest makes room for a new one. */
  readonly maxSessions: number
  /** Told of each session that ended, once, whatever ended it. */
  readonly onEnd?: (session: Session, end: SessionEnd) => void
  /** Makes session ids nobody can guess; random UUIDs unless a test needs to know them. */
  readonly newId?: () => string
}

/** Numbers over all sessions, past ones included where the name says total. */
export interface SessionRegistryStats {
  readonly open: number
  readonly active: number
  readonly streaming: number
  readonly idle: number
  readonly openByClientType: Readonly<Record<ClientType, number>>
  readonly openedTotal: number
  readonly endedTotal: Readonly<Record<SessionEnd, number>>
  readonly requestsTotal: number
  readonly failedRequestsTotal: number
}

/** How many sessions open at once is a matter of memory; how many were opened is up to clients, who mostly never say goodbye. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions
  readonly #newId: () => string
  // In order of last sign of life, the longest still first: a touched session moves to the end.
  readonly #sessions = new Map<string, Session>()
  readonly #endedTotal: Record<SessionEnd, number> = { deleted: 0, expired: 0, evicted: 0, shutdown: 0 }
  #openedTotal = 0
  #requestsTotal = 0
  #failedRequestsTotal = 0
  #sweep: Timer | undefined

  constructor(options: SessionRegistryOptions) {
    this.#options = options
    this.#newId = options.newId ?? randomUUID
  }

  /**
   * Opens a session, making room for it where the cap is reached.
   * @throws CodedError SESSION_LIMIT_REACHED where every session has a request in flight.
   */
  open(facts: SessionFacts): Session {
    if (this.#sessions.size >= this.#options.maxSessions) this.#makeRoom()
    const session = new Session(this.#newId(), facts, this.#nowMs())
    this.#sessions.set(session.id, session)
    this.#openedTotal += 1
    this.#scheduleSweep()
    return session
  }

  /**
   * Finds a session and notes that its client is alive.
   * @throws CodedError SESSION_UNKNOWN
   */
  require(id: string): Session {
    const session = this.#sessions.get(id)
    if (session === undefined) throw new CodedError(sessionErrors.SESSION_UNKNOWN)
    this.#moveToEnd(session)
    session.touch(this.#nowMs())
    return session
  }

  has(id: string): boolean {
    return this.#sessions.has(id)
  }

  /** Counts a request of a session in; the function that comes back counts it out and must be called once. */
  startRequest(session: Session): (succeeded: boolean) => void {
    const startedMs = this.#nowMs()
    session.requestStarted(startedMs)
    this.#moveToEnd(session)
    return (succeeded) => {
      session.requestEnded(startedMs, this.#nowMs(), succeeded)
      this.#moveToEnd(session)
      this.#requestsTotal += 1
      if (!succeeded) this.#failedRequestsTotal += 1
    }
  }

  /**
   * Notes an open event stream, which keeps a session from expiring; the function that comes back notes its end.
   * @param close called when the session ends before the stream does.
   */
  openStream(session: Session, close: () => void): () => void {
    session.streamOpened(this.#nowMs(), close)
    this.#moveToEnd(session)
    return () => {
      session.streamClosed(this.#nowMs(), close)
      this.#moveToEnd(session)
    }
  }

  /** Ends a session at its client's wish; false where it is not open. */
  delete(id: string): boolean {
    const session = this.#sessions.get(id)
    if (session !== undefined) this.#end(session, 'deleted')
    return session !== undefined
  }

  /** Ends all sessions and stops watching the clock. */
  close(): void {
    for (const session of this.#sessions.values()) this.#end(session, 'shutdown')
    this.#sweep?.cancel()
    this.#sweep = undefined
  }

  stats(): SessionRegistryStats {
    const openByClientType = Object.fromEntries(clientTypes.map((type) => [type, 0])) as Record<ClientType, number>
    const byState = { active: 0, streaming: 0, idle: 0, ended: 0 }
    for (const session of this.#sessions.values()) {
      openByClientType[session.facts.clientType] += 1
      byState[session.state] += 1
    }
    return {
      open: this.#sessions.size,
      active: byState.active,
      streaming: byState.streaming,
      idle: byState.idle,
      openByClientType,
      openedTotal: this.#openedTotal,
      endedTotal: { ...this.#endedTotal },
      requestsTotal: this.#requestsTotal,
      failedRequestsTotal: this.#failedRequestsTotal,
    }
  }

  #makeRoom(): void {
    for (const session of this.#sessions.values()) {
      if (session.state === 'active') continue
      this.#end(session, 'evicted')
      return
    }
    throw new CodedError(sessionErrors.SESSION_LIMIT_REACHED, {
      message: `All ${this.#options.maxSessions} sessions have a request in flight.`,
    })
  }

  #end(session: Session, end: SessionEnd): void {
    this.#sessions.delete(session.id)
    session.end()
    this.#endedTotal[end] += 1
    this.#options.onEnd?.(session, end)
  }

  #moveToEnd(session: Session): void {
    // A session may have been evicted while its last reply was on the way.
    if (this.#sessions.delete(session.id)) this.#sessions.set(session.id, session)
  }

  #scheduleSweep(): void {
    if (this.#sweep !== undefined) return
    // A quarter of the time to live bounds how long an expired session may linger, at little cost.
    this.#sweep = this.#options.clock.at(this.#nowMs() + this.#options.idleTtlMs / 4, () => {
      this.#sweep = undefined
      this.#endExpired()
      if (this.#sessions.size > 0) this.#scheduleSweep()
    })
  }

  #endExpired(): void {
    const lastSeenBeforeMs = this.#nowMs() - this.#options.idleTtlMs
    for (const session of this.#sessions.values()) {
      if (session.lastSeenMs > lastSeenBeforeMs) return
      if (session.state === 'idle') this.#end(session, 'expired')
    }
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs()
  }
}
