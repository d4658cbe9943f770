import { randomUUID } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { Clock, Timer } from '@squall/time'
import { clientTypes, type ClientType } from './client-type.ts'
import { sessionErrors } from './errors.ts'
import { accountOf, cut, Session, type SessionEnd, type SessionFacts, type SessionOwner } from './session.ts'

export interface SessionRegistryOptions {
  readonly clock: Clock
  /** A session without a request in flight or an open stream ends after this long. */
  readonly idleTtlMs: number
  /** At the cap, the session that has been still the longest makes room for a new one. */
  readonly maxSessions: number
  /** The same for the sessions of one owner, unless it stands for many. */
  readonly maxSessionsPerOwner: number
  /** Told of each session that ended, once, whatever ended it. */
  readonly onEnd?: (session: Session, end: SessionEnd) => void
  /** Makes session ids nobody can guess; random UUIDs unless a test needs to know them. */
  readonly newId?: () => string
}

/** Numbers over all sessions, past ones included where the name says total. */
export interface SessionRegistryStats {
  /** Sessions that clients opened and name. */
  readonly open: number
  readonly active: number
  readonly streaming: number
  readonly idle: number
  /** Open beside them: sessions their clients never named. They are in no other number of sessions open. */
  readonly implicit: number
  /** Owners of all these sessions. */
  readonly owners: number
  readonly openByClientType: Readonly<Record<ClientType, number>>
  readonly openedTotal: number
  readonly endedTotal: Readonly<Record<SessionEnd, number>>
  readonly requestsTotal: number
  readonly failedRequestsTotal: number
  /** Mean time of all requests from start to end, in milliseconds; 0 before the first ended. */
  readonly meanResponseMs: number
  /** Requests for a session of somebody else. */
  readonly foreignTotal: number
}

/** How many sessions open at once is a matter of memory; how many were opened is up to clients, who mostly never say goodbye. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions
  readonly #newId: () => string
  // In order of last sign of life, the longest still first: a touched session moves to the end.
  readonly #sessions = new Map<string, Session>()
  readonly #endedTotal: Record<SessionEnd, number> = { deleted: 0, expired: 0, evicted: 0, shutdown: 0 }
  readonly #byOwner = new Map<string, Set<Session>>()
  readonly #implicit = new Map<string, Session>()
  #responseMsTotal = 0
  #foreignTotal = 0
  #openedTotal = 0
  #requestsTotal = 0
  #failedRequestsTotal = 0
  #sweep: Timer | undefined

  constructor(options: SessionRegistryOptions) {
    this.#options = options
    this.#newId = options.newId ?? randomUUID
  }

  /**
   * Opens a session, making room for it where a cap is reached.
   * @throws CodedError SESSION_LIMIT_REACHED where every session that could make room has a request in flight.
   */
  open(facts: SessionFacts): Session {
    return this.#open(facts)
  }

  /**
   * Finds the session of clients that name none, by whose they are and how they call themselves, and opens it for the first of them.
   * @param origin tells clients of a shared owner further apart: where they come from.
   * @throws CodedError SESSION_LIMIT_REACHED
   */
  implicit(facts: SessionFacts, origin = ''): Session {
    const key = implicitKey(facts, origin)
    const known = this.#implicit.get(key)
    if (known !== undefined) return known
    const session = this.#open(facts, key)
    this.#implicit.set(key, session)
    return session
  }

  /**
   * Finds a session and notes that its client is alive.
   * @throws CodedError SESSION_UNKNOWN
   */
  require(id: string, owner: SessionOwner): Session {
    const session = this.find(id, owner)
    if (session === undefined) throw new CodedError(sessionErrors.SESSION_UNKNOWN)
    return session
  }

  /** The same, but undefined where there is none. The session of another owner is as unknown as one that never was. */
  find(id: string, owner: SessionOwner): Session | undefined {
    const session = this.#sessions.get(id)
    if (session === undefined || session.isImplicit) return undefined
    if (session.facts.owner.id !== owner.id) {
      this.#foreignTotal += 1
      return undefined
    }
    this.#moveToEnd(session)
    session.touch(this.#nowMs())
    return session
  }

  /** Open sessions, those that gave a sign of life last first. */
  list(most: number): readonly Session[] {
    return [...this.#sessions.values()].toReversed().slice(0, most)
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
      const nowMs = this.#nowMs()
      session.requestEnded(startedMs, nowMs, succeeded)
      this.#responseMsTotal += nowMs - startedMs
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
      if (session.isImplicit) continue
      openByClientType[session.facts.clientType] += 1
      byState[session.state] += 1
    }
    return {
      open: this.#sessions.size - this.#implicit.size,
      active: byState.active,
      streaming: byState.streaming,
      idle: byState.idle,
      implicit: this.#implicit.size,
      owners: this.#byOwner.size,
      openByClientType,
      openedTotal: this.#openedTotal,
      endedTotal: { ...this.#endedTotal },
      requestsTotal: this.#requestsTotal,
      failedRequestsTotal: this.#failedRequestsTotal,
      meanResponseMs: this.#requestsTotal === 0 ? 0 : this.#responseMsTotal / this.#requestsTotal,
      foreignTotal: this.#foreignTotal,
    }
  }

  #open(facts: SessionFacts, implicitKey?: string): Session {
    const { maxSessions, maxSessionsPerOwner } = this.#options
    const account = accountOf(facts.owner)
    const owned = this.#byOwner.get(account) ?? new Set<Session>()
    // An owner makes room among its own before anybody else has to.
    if (!facts.owner.isShared && owned.size >= maxSessionsPerOwner) this.#makeRoomAmong(owned)
    if (this.#sessions.size >= maxSessions) this.#makeRoom()
    const session = new Session(this.#newId(), facts, this.#nowMs(), implicitKey)
    this.#sessions.set(session.id, session)
    this.#byOwner.set(account, owned.add(session))
    this.#openedTotal += 1
    this.#scheduleSweep()
    return session
  }

  /** Ends the session that has been still the longest: all of them are kept in that very order. */
  #makeRoom(): void {
    for (const session of this.#sessions.values()) {
      if (session.state === 'active') continue
      return this.#end(session, 'evicted')
    }
    throw allBusy(this.#sessions.size)
  }

  #makeRoomAmong(owned: ReadonlySet<Session>): void {
    const idle = [...owned].filter((session) => session.state !== 'active')
    if (idle.length === 0) throw allBusy(owned.size)
    this.#end(
      idle.reduce((still, session) => (session.lastSeenMs < still.lastSeenMs ? session : still)),
      'evicted',
    )
  }

  #end(session: Session, end: SessionEnd): void {
    this.#sessions.delete(session.id)
    const account = accountOf(session.facts.owner)
    const owned = this.#byOwner.get(account)
    owned?.delete(session)
    if (owned?.size === 0) this.#byOwner.delete(account)
    if (session.implicitKey !== undefined) this.#implicit.delete(session.implicitKey)
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

function implicitKey({ owner, clientType, clientName }: SessionFacts, origin: string): string {
  // As JSON, since a name may hold whatever would part it from the next.
  return JSON.stringify([owner.id, clientType, cut(clientName) ?? '', owner.isShared ? origin : ''])
}

function allBusy(count: number): CodedError {
  return new CodedError(sessionErrors.SESSION_LIMIT_REACHED, { message: `All ${count} sessions have a request in flight.` })
}
