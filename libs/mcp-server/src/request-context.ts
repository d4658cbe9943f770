import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientType, Session } from '@squall/session'
import { localPrincipal, type Principal } from './access/principal.ts'
import type { BreakerTicket } from './pipeline/snowflake-breakers.ts'
import type { CallRecord } from './observe/call-record.ts'
import type { Progress } from './protocol/progress.ts'

/** Who calls, as far as the transport knows. */
export interface Caller {
  readonly transport: 'http' | 'websocket' | 'rest' | 'stdio'
  readonly clientType: ClientType
  /** As it calls itself, where it said so with the request. */
  readonly clientName?: string | undefined
  /** Absent where the client has no session: stateless requests, and clients that never name theirs. */
  readonly session?: Session | undefined
  /** The peer's IP address; absent on stdio. */
  readonly remoteAddress?: string | undefined
  /** Who the transport proved the caller to be; absent where nobody has to prove anything. */
  readonly principal?: Principal | undefined
}

export function principalOf({ principal }: Caller): Principal {
  return principal ?? localPrincipal
}

/** One tool call on its way through the server. */
export interface RequestContext {
  /** Names the call everywhere: in its answer, in logs, and as QUERY_TAG in Snowflake's query history. */
  readonly requestId: string
  readonly tool: string
  readonly arguments: unknown
  readonly caller: Caller
  /** The trace the call belongs to, as the client says it: a well-formed W3C `traceparent`. */
  readonly traceparent?: string | undefined
  /** On the monotonic clock, in milliseconds. */
  readonly startedMs: number
  /** Aborts when the caller cancels or goes away, or when the server can wait no longer. */
  readonly signal: AbortSignal
  /** What those who serve the call note of it. */
  readonly record: CallRecord
  /** The session it counts into; absent until it is let in that far. */
  session?: Session
  /** What the breakers let it through as; absent until it is let in that far. */
  breakers?: BreakerTicket
  /** A tool may say how far it has come; absent where the caller did not ask. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

const storage = new AsyncLocalStorage<RequestContext>()

/** Runs work, and everything it starts, as part of one call. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work)
}

/** The call this code runs for; undefined outside of any. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore()
}
