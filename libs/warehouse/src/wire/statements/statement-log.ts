import type { Clock } from '@squall/time'
import type { WireLimits } from '../limits.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import type { Statement } from './statement.ts'

/** Remembers running statements, and finished ones for a bounded time, number and size. */
export class StatementLog {
  readonly #clock: Clock
  readonly #limits: WireLimits
  /** Of each session by request id, oldest first. */
  readonly #bySession = new Map<string, Map<string, Statement>>()
  readonly #byQueryId = new Map<string, Statement>()
  /** Finished ones with the size their results are held at, oldest first. */
  readonly #held = new Map<Statement, number>()
  #heldBytes = 0
  readonly #reportBug: (error: unknown) => void

  /** @param reportBug hears when the engine fails to let go of a result. */
  constructor(clock: Clock, limits: WireLimits, reportBug: (error: unknown) => void) {
    this.#clock = clock
    this.#limits = limits
    this.#reportBug = reportBug
  }

  /** Takes in a statement; it counts against the limits from when it has finished. */
  add(statement: Statement): void {
    const ofSession = this.#bySession.get(statement.session.id) ?? new Map<string, Statement>()
    this.#bySession.set(statement.session.id, ofSession.set(statement.request.requestId, statement))
    this.#byQueryId.set(statement.queryId, statement)
    // `finished` never rejects: failures are outcomes.
    void statement.finished.then(() => this.#hold(statement))
  }

  /** The statement a session already sent under this request id: what a retry asks for. */
  byRequestId(session: WireSession, requestId: string): Statement | undefined {
    return this.#bySession.get(session.id)?.get(requestId)
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
    return [...(this.#bySession.get(session.id)?.values() ?? [])]
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
    // Its session may have ended first.
    if (!this.#byQueryId.has(statement.queryId)) return
    const { outcome } = statement
    const bytes = outcome?.kind === 'success' ? outcome.result.estimatedBytes : 0
    this.#held.set(statement, bytes)
    this.#heldBytes += bytes
    this.#makeRoom(statement)
  }

  /** The newest stays, however large: its client is about to fetch it. */
  #makeRoom(newest: Statement): void {
    const { statementsPerSession, heldResultBytes } = this.#limits
    const ofSession = this.of(newest.session).filter((statement) => this.#held.has(statement))
    for (const statement of ofSession.slice(0, -statementsPerSession)) this.#forget(statement)
    for (const statement of this.#held.keys()) {
      if (this.#heldBytes <= heldResultBytes || statement === newest) break
      this.#forget(statement)
    }
  }

  #forget(statement: Statement): void {
    this.#heldBytes -= this.#held.get(statement) ?? 0
    this.#held.delete(statement)
    this.#byQueryId.delete(statement.queryId)
    this.#bySession.get(statement.session.id)?.delete(statement.request.requestId)
    if (statement.outcome?.kind === 'success') statement.outcome.result.release().catch(this.#reportBug)
  }
}
