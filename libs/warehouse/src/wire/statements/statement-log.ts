import type { Clock } from '@squall/time'
import type { WireLimits } from '../limits.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import type { Statement } from './statement.ts'

interface SessionStatements {
  /** Oldest first. */
  readonly byRequestId: Map<string, Statement>
  /** How many of them have finished. */
  heldCount: number
}

/** Remembers running statements, and finished ones for a bounded time, number and size. */
export class StatementLog {
  readonly #clock: Clock
  readonly #limits: WireLimits
  readonly #bySession = new Map<string, SessionStatements>()
  readonly #byQueryId = new Map<string, Statement>()
  /** Finished ones with the size their results are held at, oldest first. */
  readonly #held = new Map<Statement, number>()
  #heldBytes = 0

  constructor(clock: Clock, limits: WireLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Takes in a statement; it counts against the limits from when it has finished. */
  add(statement: Statement): void {
    const { session, request } = statement
    const ofSession = this.#bySession.get(session.id) ?? { byRequestId: new Map<string, Statement>(), heldCount: 0 }
    ofSession.byRequestId.set(request.requestId, statement)
    this.#bySession.set(session.id, ofSession)
    this.#byQueryId.set(statement.queryId, statement)
    // `finished` never rejects: failures are outcomes.
    void statement.finished.then(() => this.#hold(statement))
  }

  /** The statement a session already sent under this request id: what a retry asks for. */
  byRequestId(session: WireSession, requestId: string): Statement | undefined {
    return this.#bySession.get(session.id)?.byRequestId.get(requestId)
  }

  /** A statement by its query id, for any session of the same user. */
  byQueryId(session: WireSession, queryId: string): Statement | undefined {
    const statement = this.#byQueryId.get(queryId)
    return statement?.session.user === session.user ? statement : undefined
  }

  /** A statement by its query id, for who holds a signed address of its result. */
  byResultAddress(queryId: string): Statement | undefined {
    return this.#byQueryId.get(queryId)
  }

  of(session: WireSession): Statement[] {
    return [...(this.#bySession.get(session.id)?.byRequestId.values() ?? [])]
  }

  /** Those of all sessions that have not ended. */
  running(): Statement[] {
    return [...this.#byQueryId.values()].filter(({ outcome }) => outcome === undefined)
  }

  isBusy(session: WireSession): boolean {
    return this.of(session).some(({ outcome }) => outcome === undefined)
  }

  /** Cancels what runs in a session, waits until it has ended, and forgets all its statements. */
  async endSession(session: WireSession): Promise<void> {
    const statements = this.of(session)
    for (const statement of statements) statement.cancel()
    await Promise.all(statements.map(({ finished }) => finished))
    for (const statement of this.of(session)) this.#forget(statement)
    this.#bySession.delete(session.id)
  }

  /** Forgets results that have been held long enough. */
  sweep(): void {
    const beforeMs = this.#clock.monotonicMs() - this.#limits.retentionMs
    for (const statement of this.#held.keys()) if ((statement.finishedMs ?? Infinity) <= beforeMs) this.#forget(statement)
  }

  #hold(statement: Statement): void {
    const ofSession = this.#bySession.get(statement.session.id)
    // Its session may have ended first.
    if (!ofSession || !this.#byQueryId.has(statement.queryId)) return
    const { outcome } = statement
    const bytes = outcome?.kind === 'success' ? outcome.result.estimatedBytes : 0
    this.#held.set(statement, bytes)
    this.#heldBytes += bytes
    ofSession.heldCount++
    this.#makeRoom(statement, ofSession)
  }

  /** The newest stays, however large: its client is about to fetch it. */
  #makeRoom(newest: Statement, ofSession: SessionStatements): void {
    for (const statement of ofSession.byRequestId.values()) {
      if (ofSession.heldCount <= this.#limits.statementsPerSession) break
      if (this.#held.has(statement)) this.#forget(statement)
    }
    for (const statement of this.#held.keys()) {
      if (this.#heldBytes <= this.#limits.heldResultBytes || statement === newest) break
      this.#forget(statement)
    }
  }

  #forget(statement: Statement): void {
    const ofSession = this.#bySession.get(statement.session.id)
    if (ofSession && this.#held.has(statement)) ofSession.heldCount--
    ofSession?.byRequestId.delete(statement.request.requestId)
    this.#heldBytes -= this.#held.get(statement) ?? 0
    this.#held.delete(statement)
    this.#byQueryId.delete(statement.queryId)
    if (statement.outcome?.kind === 'success') statement.outcome.result.release()
  }
}
