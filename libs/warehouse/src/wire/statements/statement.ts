import { randomUUID } from 'node:crypto'
import type { Clock } from '@squall/time'
import type { Bind, ExecuteOptions } from '../../engine/engine.ts'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import type { ServedResult } from '../results/served-result.ts'
import type { WireSession } from '../sessions/wire-session.ts'

/** A statement as a client asked for it. */
export interface StatementRequest {
  /** Chosen by the client; a retry repeats it. */
  readonly requestId: string
  readonly sqlText: string
  readonly binds: readonly Bind[]
  readonly describeOnly: boolean
  /** Cancelled when it runs longer; absent where it may run for days. */
  readonly timeoutMs: number | undefined
}

export type Outcome =
  | { readonly kind: 'success'; readonly result: ServedResult }
  | { readonly kind: 'failure'; readonly error: SnowflakeError; readonly isCancelled: boolean }

/** What a statement needs to run. */
export interface StatementRunner {
  readonly clock: Clock
  execute(sql: string, options: ExecuteOptions): Promise<ServedResult>
  /** Awaited when the statement has its place in the warehouse. */
  beforeRun(statement: Statement, signal: AbortSignal): Promise<void>
  /** Hears of errors that are no answers to the client but bugs. */
  readonly reportBug: (error: unknown) => void
}

/** One statement of a session, from the request until its result is forgotten. */
export class Statement {
  readonly queryId: string = randomUUID()
  readonly session: WireSession
  readonly request: StatementRequest
  /** When it began, as people read it. */
  readonly startedWallMs: number
  /** Resolves when it has ended, however. */
  readonly finished: Promise<void>
  readonly #runner: StatementRunner
  readonly #aborter = new AbortController()
  #outcome: Outcome | undefined
  readonly #startedMs: number
  #finishedMs: number | undefined

  /** Starts it at once. */
  constructor(session: WireSession, request: StatementRequest, runner: StatementRunner) {
    this.session = session
    this.request = request
    this.#runner = runner
    this.startedWallMs = runner.clock.wallMs()
    this.#startedMs = runner.clock.monotonicMs()
    this.finished = this.#run()
  }

  /** How it ended; nothing while it runs. */
  get outcome(): Outcome | undefined {
    return this.#outcome
  }

  /** When it ended, on the monotonic scale; nothing while it runs. */
  get finishedMs(): number | undefined {
    return this.#finishedMs
  }

  /** How long it ran, or has been running. */
  get durationMs(): number {
    return (this.#finishedMs ?? this.#runner.clock.monotonicMs()) - this.#startedMs
  }

  /** Interrupts it. Returns false where it has ended already. */
  cancel(reason: SnowflakeError = cancelledByUser()): boolean {
    if (this.#outcome) return false
    this.#aborter.abort(reason)
    return true
  }

  async #run(): Promise<void> {
    const { clock } = this.#runner
    const { timeoutMs } = this.request
    const timer = timeoutMs === undefined ? undefined : clock.at(clock.monotonicMs() + timeoutMs, () => this.#timeOut(timeoutMs))
    this.#outcome = await this.#execute()
    this.#finishedMs = clock.monotonicMs()
    timer?.cancel()
  }

  async #execute(): Promise<Outcome> {
    const { queryId, request } = this
    const { signal } = this.#aborter
    try {
      const { binds, describeOnly } = request
      const beforeRun = (ended: AbortSignal): Promise<void> => this.#runner.beforeRun(this, ended)
      const result = await this.#runner.execute(request.sqlText, { queryId, binds, describeOnly, signal, beforeRun })
      if (!signal.aborted) return { kind: 'success', result }
      result.release()
      return this.#cancelled()
    } catch (error) {
      if (signal.aborted) return this.#cancelled()
      if (error instanceof SnowflakeError) return { kind: 'failure', error, isCancelled: false }
      this.#runner.reportBug(error)
      return { kind: 'failure', error: internalError(queryId, error), isCancelled: false }
    }
  }

  #cancelled(): Outcome {
    // `cancel` is the only one to abort, and gives a SnowflakeError.
    return { kind: 'failure', error: this.#aborter.signal.reason as SnowflakeError, isCancelled: true }
  }

  #timeOut(timeoutMs: number): void {
    const message = `Statement reached its statement or warehouse timeout of ${timeoutMs / 1000} second(s) and was canceled.`
    this.cancel(new SnowflakeError('000630', '57014', message))
  }
}

const cancelledByUser = (): SnowflakeError => new SnowflakeError('000604', '57014', 'SQL execution canceled')

function internalError(queryId: string, cause: unknown): SnowflakeError {
  const message = `SQL execution internal error:\nProcessing aborted by error 300010 in query ${queryId}.`
  return new SnowflakeError('000603', 'XX000', message, undefined, cause)
}
