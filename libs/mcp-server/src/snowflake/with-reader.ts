import { CodedError } from '@squall/errors'
import type { Lease } from '@squall/pool'
import { snowflakeErrors, type SnowflakeConnection } from '@squall/snowflake'
import type { Contact } from '../pipeline/snowflake-breakers.ts'
import type { LoggedQuery, QueryLog } from '../queries/query-log.ts'
import type { RequestContext } from '../request-context.ts'
import type { Connections } from './connections.ts'
import { LeasedReader, type LeasedReaderOptions, type StatementLimits } from './leased-reader.ts'
import type { Reader, WithReader } from './reader.ts'

export interface ReaderOptions {
  readonly connections: Connections
  readonly checkReadOnly: LeasedReaderOptions['checkReadOnly']
  readonly limits: StatementLimits
  /** How long a call may wait for a session of its own. */
  readonly acquireTimeoutMs: number
  /** Told each time what a call met, where that says something about Snowflake. */
  readonly onContact: (contact: Contact, context: RequestContext) => void
  /** Knows what runs. */
  readonly queries: QueryLog
}

/** Makes the way to Snowflake for one call. */
export function createWithReader(options: ReaderOptions, context: RequestContext): WithReader {
  return async (work) => {
    // Aborted by who cancels the query by its id, and when its call is over.
    const canceller = new AbortController()
    const unlink = follow(context.signal, canceller)
    const query = options.queries.start(context, canceller)
    try {
      const value = await lend(options, query, { ...context, signal: canceller.signal }, work)
      query.ended()
      return value
    } catch (error) {
      query.ended(error)
      throw error
    } finally {
      unlink()
    }
  }
}

/** Lets one abort the other. `AbortSignal.any` would do, at twenty times the price. @returns what ends it. */
function follow(signal: AbortSignal, canceller: AbortController): () => void {
  const abort = (): void => canceller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}

async function lend<T>(
  options: ReaderOptions,
  query: LoggedQuery,
  context: RequestContext,
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    const attempt = await runOnce(options, query, context, work)
    if (attempt.kind === 'done') return attempt.value
    if (attempt.kind === 'failed' || context.signal.aborted) throw attempt.error
    // A session Snowflake lost is no fault of the call: it starts over in another, as often as all of the pool may be lost.
    if (retries === options.connections.stats().max) throw attempt.error
  }
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed' | 'session-lost'; readonly error: unknown }

async function runOnce<T>(
  options: ReaderOptions,
  query: LoggedQuery,
  context: RequestContext,
  work: (reader: Reader) => Promise<T>,
): Promise<Attempt<T>> {
  const lease = await acquire(options, context)
  const { checkReadOnly, limits } = options
  const { requestId, signal, record } = context
  const onRefused = (sql: string): void => record.refusedStatement(sql)
  const onStatement = (queryId: string): void => query.ranStatement(queryId)
  query.gotSession()
  const connection = lease.resource
  try {
    const value = await work(new LeasedReader({ connection, checkReadOnly, limits, requestId, signal, onRefused, onStatement }))
    giveBack(lease)
    options.onContact('reached', context)
    return { kind: 'done', value }
  } catch (error) {
    const code = error instanceof CodedError ? error.code : undefined
    if (leavesSessionUsable(code)) giveBack(lease)
    else discard(lease)
    options.onContact(failedContact(error) ?? 'reached', context)
    return { kind: code === snowflakeErrors.SNOWFLAKE_SESSION_LOST.code ? 'session-lost' : 'failed', error }
  }
}

async function acquire(options: ReaderOptions, context: RequestContext): Promise<Lease<SnowflakeConnection>> {
  const { signal, session } = context
  try {
    return await options.connections.acquire({
      signal,
      timeoutMs: options.acquireTimeoutMs,
      ...(session !== undefined && { client: session.client }),
    })
  } catch (error) {
    // Nobody knows where none came free in time, unless the last one that was to be opened could not be.
    const contact = failedContact(error) ?? failedContact((error as Error).cause)
    if (contact !== undefined) options.onContact(contact, context)
    throw error
  }
}

function failedContact(error: unknown): Contact | undefined {
  if (!(error instanceof CodedError)) return undefined
  if (error.code === snowflakeErrors.SNOWFLAKE_UNREACHABLE.code) return 'unreachable'
  return error.code === snowflakeErrors.SNOWFLAKE_SIGN_IN_FAILED.code ? 'sign_in_failed' : undefined
}

/** Known ends of a statement: the session itself knows whether it is clean after them. After anything else nobody knows. */
const knownEnds: ReadonlySet<string> = new Set([
  snowflakeErrors.SNOWFLAKE_QUERY_FAILED.code,
  snowflakeErrors.SNOWFLAKE_QUERY_TIMEOUT.code,
  snowflakeErrors.SNOWFLAKE_QUERY_CANCELLED.code,
])

function leavesSessionUsable(code: string | undefined): boolean {
  return code !== undefined && (knownEnds.has(code) || code.startsWith('MCP_'))
}

// Detached: cleaning or closing a session must not delay the caller's answer, and the pool waits for both when it drains.
function giveBack(lease: Lease<SnowflakeConnection>): void {
  void lease.release()
}

function discard(lease: Lease<SnowflakeConnection>): void {
  void lease.discard()
}
