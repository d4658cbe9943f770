import { CodedError } from '@squall/errors'
import { snowflakeErrors } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import { ownerOf, type Owner } from '../owner.ts'
import type { RequestContext } from '../request-context.ts'

/** `waiting` has no session in Snowflake yet. */
export type QueryState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** What is known of the queries of one call. */
export interface QueryRecord {
  readonly requestId: string
  readonly tool: string
  readonly state: QueryState
  /** As people read it, in milliseconds since 1970. */
  readonly startedWallMs: number
  readonly durationMs: number
  /** Of the last statement Snowflake has answered; absent before that. */
  readonly queryId?: string | undefined
  /** Reads the result of a query that ran in the background. */
  readonly cursor?: string | undefined
  /** Why it failed. */
  readonly error?: string | undefined
}

export interface QueryLogOptions {
  readonly clock: Clock
  /** Ended ones remembered at most. */
  readonly maxEnded: number
  /** How long an ended one is remembered. */
  readonly retentionMs: number
}

/** Knows the calls that have queries in Snowflake, and for a while those that had. Everybody sees their own alone. */
export class QueryLog {
  readonly #options: QueryLogOptions
  readonly #byRequestId = new Map<string, LoggedQuery>()
  readonly #byQueryId = new Map<string, LoggedQuery>()
  /** Oldest end first. */
  readonly #ended = new Set<LoggedQuery>()
  readonly #listeners: Listeners = {
    onStatement: (queryId, query) => this.#noteStatement(queryId, query),
    onEnd: (query) => this.#remember(query),
  }

  constructor(options: QueryLogOptions) {
    this.#options = options
  }

  /**
   * Takes in a call that is about to ask Snowflake.
   * @param canceller aborted when somebody cancels the query by its id.
   */
  start(context: RequestContext, canceller: AbortController): LoggedQuery {
    const query = new LoggedQuery(context, canceller, this.#options.clock, this.#listeners)
    this.#byRequestId.set(context.requestId, query)
    return query
  }

  /** By the id of its request or of one of its statements. */
  find(owner: Owner, id: string): LoggedQuery | undefined {
    this.#forgetOld()
    const query = this.#byRequestId.get(id) ?? this.#byQueryId.get(id)
    return query?.owner === owner ? query : undefined
  }

  /** Those of one owner that have not ended, oldest first. */
  running(owner: Owner): LoggedQuery[] {
    return [...this.#byRequestId.values()].filter((query) => query.owner === owner && !query.hasEnded)
  }

  /** A result read on bears the id of the statement that made it, which stays that statement's. */
  #noteStatement(queryId: string, query: LoggedQuery): void {
    if (!this.#byQueryId.has(queryId)) this.#byQueryId.set(queryId, query)
  }

  #remember(query: LoggedQuery): void {
    this.#ended.add(query)
    this.#forgetOld()
  }

  #forgetOld(): void {
    const { clock, maxEnded, retentionMs } = this.#options
    const endedBeforeMs = clock.monotonicMs() - retentionMs
    for (const query of this.#ended) {
      if (this.#ended.size <= maxEnded && query.endedMs > endedBeforeMs) break
      this.#ended.delete(query)
      // A call may have asked twice; the later query has its place.
      if (this.#byRequestId.get(query.requestId) === query) this.#byRequestId.delete(query.requestId)
      for (const id of query.queryIds) if (this.#byQueryId.get(id) === query) this.#byQueryId.delete(id)
    }
  }
}

interface Listeners {
  readonly onStatement: (queryId: string, query: LoggedQuery) => void
  readonly onEnd: (query: LoggedQuery) => void
}

/** One call's queries, from before its session to their end. */
export class LoggedQuery {
  readonly owner: Owner
  readonly requestId: string
  readonly queryIds: string[] = []
  readonly #tool: string
  readonly #clock: Clock
  readonly #listeners: Listeners
  readonly #startedMs: number
  readonly #startedWallMs: number
  /** Gone with its end: ended ones are kept by the thousand. */
  #canceller: AbortController | undefined
  #state: QueryState = 'waiting'
  #endedMs = Infinity
  #error: string | undefined
  #cursor: string | undefined

  constructor({ requestId, tool, caller }: RequestContext, canceller: AbortController, clock: Clock, listeners: Listeners) {
    this.#canceller = canceller
    this.owner = ownerOf(caller)
    this.requestId = requestId
    this.#tool = tool
    this.#clock = clock
    this.#listeners = listeners
    this.#startedMs = clock.monotonicMs()
    this.#startedWallMs = clock.wallMs()
  }

  get hasEnded(): boolean {
    return this.#endedMs !== Infinity
  }

  get endedMs(): number {
    return this.#endedMs
  }

  gotSession(): void {
    this.#state = 'running'
  }

  ranStatement(queryId: string): void {
    this.queryIds.push(queryId)
    this.#listeners.onStatement(queryId, this)
  }

  /** The result can be read with this. */
  leftResult(cursor: string): void {
    this.#cursor = cursor
  }

  /** @param error what it failed with; absent where it succeeded. */
  ended(error?: unknown): void {
    this.#state = error === undefined ? 'succeeded' : stateAfter(error)
    this.#error =
      error instanceof CodedError ? `${error.message} [${error.code}]` : error === undefined ? undefined : 'internal error'
    this.#endedMs = this.#clock.monotonicMs()
    this.#canceller = undefined
    this.#listeners.onEnd(this)
  }

  /** Asks for its end; false where it has ended already. */
  cancel(): boolean {
    if (this.#canceller === undefined) return false
    this.#canceller.abort(
      new CodedError(snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED, { message: 'the query was cancelled by its id' }),
    )
    return true
  }

  record(): QueryRecord {
    const endMs = this.hasEnded ? this.#endedMs : this.#clock.monotonicMs()
    return {
      requestId: this.requestId,
      tool: this.#tool,
      state: this.#state,
      startedWallMs: this.#startedWallMs,
      durationMs: Math.round(endMs - this.#startedMs),
      queryId: this.queryIds.at(-1),
      cursor: this.#cursor,
      error: this.#error,
    }
  }
}

function stateAfter(error: unknown): QueryState {
  const isCancelled = error instanceof CodedError && error.code === snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED.code
  return isCancelled ? 'cancelled' : 'failed'
}
