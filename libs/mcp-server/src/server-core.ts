import { randomUUID } from 'node:crypto'
import type { PoolStats } from '@squall/pool'
import { SessionRegistry, type BreakerOptions, type MultiplexerStats } from '@squall/session'
import type { Gate } from '@squall/sql-policy'
import type { Clock } from '@squall/time'
import { CallRecord, type EndedCall, type StatementRecord } from './observe/call-record.ts'
import { checkBreaker, createHealth, type Backend, type Health, type HealthCheck } from './observe/health.ts'
import { createMetrics, type ServerMetrics } from './observe/metrics/server-metrics.ts'
import { observeConnections } from './observe/observed-connections.ts'
import { RecoveryProbe } from './observe/recovery-probe.ts'
import type { SlowStatements } from './observe/slow-statements.ts'
import { countInSession } from './pipeline/count-in-session.ts'
import { createAccess, type Access } from './access/access.ts'
import { snowflakeTokenOf } from './access/snowflake-token.ts'
import { requireAccess } from './pipeline/authenticate.ts'
import { Gatekeeper } from './pipeline/gatekeeper.ts'
import { createAdmission, type AdmissionLimits, type AdmissionStats } from './pipeline/admit-calls.ts'
import { measureCalls, noteAdmission } from './pipeline/measure.ts'
import { createCallWork } from './pipeline/call-work.ts'
import { createRunTool } from './pipeline/run-tool.ts'
import { SnowflakeBreakers, type BreakerStats, type Contact } from './pipeline/snowflake-breakers.ts'
import { joinStages, type Stage } from './pipeline/stage.ts'
import type { Progress } from './protocol/progress.ts'
import { BackgroundQueries } from './queries/background-queries.ts'
import { QueryLog } from './queries/query-log.ts'
import { principalOf, runInContext, type Caller, type RequestContext } from './request-context.ts'
import { operations } from './resources/operations.ts'
import { ResultStore } from './results/result-store.ts'
import type { Connections } from './snowflake/connections.ts'
import { multiplexConnections, type MultiplexingLimits } from './snowflake/multiplexed-connections.ts'
import type { StatementLimits } from './snowflake/leased-reader.ts'
import type { CallOutcome } from './tool-result.ts'
import { defaultToolGroups, toolsOf, type ToolGroup } from './tools/tool-table.ts'
import type { Tool, ToolDescriptor, ToolWork } from './tools/tool.ts'

export interface ServerLimits extends StatementLimits, AdmissionLimits, MultiplexingLimits {
  /** How long a call may wait for a session in Snowflake. */
  readonly acquireTimeoutMs: number
  readonly breaker: BreakerOptions
  readonly maxSessions: number
  /** Of one principal, unless it stands for many. */
  readonly maxSessionsPerPrincipal: number
  readonly sessionIdleTtlMs: number
  /** Rows of one result that may be read page by page. */
  readonly maxPagedRows: number
  /** Queries that outlive their calls at once; each holds a session in Snowflake. */
  readonly maxBackgroundQueries: number
  /** How long such a query may take. */
  readonly backgroundTimeoutMs: number
}

export interface ServerCoreOptions {
  readonly clock: Clock
  readonly connections: Connections
  readonly checkReadOnly: Gate
  readonly backend: Backend
  readonly limits: ServerLimits
  /** Makes session ids nobody can guess; random UUIDs where absent. */
  readonly newSessionId?: () => string
  /** Tells who calls; only callers on this machine may unless something better is given. */
  readonly access?: Access
  /** Which tools there are; `defaultToolGroups` where absent. */
  readonly toolGroups?: readonly ToolGroup[]
  /** Tools of the operator's own, behind the server's. */
  readonly moreTools?: readonly Tool[]
  /** Further stages that may turn a call away, before it waits for its turn: rates, quotas, breakers. */
  readonly admission?: readonly Stage[]
  /** Told of errors that are no one's input: bugs. */
  readonly onBug: (error: unknown, context: RequestContext) => void
  /** Told of each call when it has ended. */
  readonly onCallEnd?: (call: EndedCall) => void
  /** Told of each statement that ended after its call had, as those do that run in the background. */
  readonly onLateStatement?: (context: RequestContext, statement: StatementRecord) => void
  /** Keeps the slowest statements; told of them by whoever hears of ended calls. */
  readonly slowStatements?: SlowStatements
  /** Further things that may be wrong with the server. */
  readonly healthChecks?: readonly HealthCheck[]
}

/** A tool call as a transport hands it over. */
export interface ToolCall {
  readonly tool: string
  readonly arguments: unknown
  readonly caller: Caller
  /** The trace the call belongs to, as the client says it. */
  readonly traceparent?: string | undefined
  /** The transport aborts it when the caller cancels or goes away; the core, when the server can wait no longer. */
  readonly canceller: AbortController
  /** Told how far the call has come, where its tool says so; absent where the caller did not ask. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** How calls were let in, and to Snowflake. */
export interface AdmissionReport extends AdmissionStats {
  readonly breaker: BreakerStats
  readonly multiplexer: MultiplexerStats
}

/** The server without a transport: the one way every tool call takes, and what is known about it. */
export interface ServerCore {
  readonly clock: Clock
  readonly backend: Backend
  readonly tools: readonly ToolDescriptor[]
  /** How every transport that carries headers knows its callers. */
  readonly access: Access
  readonly sessions: SessionRegistry
  readonly metrics: ServerMetrics
  readonly health: Health
  readonly slowStatements: SlowStatements | undefined
  readonly pool: () => PoolStats
  call(call: ToolCall): Promise<CallOutcome>
  /** Serves what clients ask beside tools, on the same way: `tool` is one of `operations`. */
  ask(call: ToolCall): Promise<CallOutcome>
  readonly inFlight: () => number
  readonly queued: () => number
  readonly admission: () => AdmissionReport
  /** Takes no new calls, waits for those in flight, and aborts what is left when the time is over. */
  drain(timeoutMs: number): Promise<void>
}

/** What is remembered of ended queries, and of results to be read on: a few hundred bytes each, and the SQL. */
const queryLogLimits = { maxEnded: 2000, retentionMs: 900_000 }
const resultLimits = { maxResults: 2000, maxResultsPerAccount: 500, maxSqlChars: 16_000_000, ttlMs: 600_000 }

export function createServerCore(options: ServerCoreOptions): ServerCore {
  const { clock, checkReadOnly, backend, limits } = options
  const access = options.access ?? createAccess({ clock, keys: [], lockOut: { attempts: 0, windowMs: 0, durationMs: 0 } })
  const gatekeeper = new Gatekeeper()
  const breakers = new SnowflakeBreakers(clock, limits.breaker)
  const admission = createAdmission(clock, limits, breakers)
  const sessions = new SessionRegistry({
    clock,
    idleTtlMs: limits.sessionIdleTtlMs,
    maxSessions: limits.maxSessions,
    maxSessionsPerOwner: limits.maxSessionsPerPrincipal,
    ...(options.newSessionId !== undefined && { newId: options.newSessionId }),
    onEnd: (session, end) => metrics.sessionEnded(session, end),
  })
  const shared = multiplexConnections(options.connections, clock, limits)
  const report = (): AdmissionReport => ({ ...admission.stats(), breaker: breakers.stats(), multiplexer: shared.multiplexer() })
  const pool = (): PoolStats => shared.stats()
  const health = createHealth({
    backend,
    pool,
    isDraining: () => gatekeeper.isClosed,
    checks: [() => checkBreaker(breakers.stats()), ...(options.healthChecks ?? [])],
  })
  const recovery = new RecoveryProbe(clock, shared, () => health.contact(true))
  const tools = [...toolsOf(options.toolGroups ?? defaultToolGroups), ...(options.moreTools ?? [])]
  const descriptors = tools.map(({ descriptor }) => descriptor)
  const metrics = createMetrics({
    pool,
    sessions: () => sessions.stats(),
    queued: admission.queued,
    admission: report,
    health: () => health.status(),
    access: () => access.stats(),
    toolNames: [...descriptors, ...operations.map(({ descriptor }) => descriptor)].map(({ name }) => name),
  })
  const connections = observeConnections(shared, clock, {
    ...metrics.connections,
    ranLate: options.onLateStatement,
  })
  const readers = {
    connections,
    checkReadOnly,
    limits,
    acquireTimeoutMs: limits.acquireTimeoutMs,
    queries: new QueryLog({ clock, ...queryLogLimits }),
    onContact(contact: Contact, context: RequestContext) {
      breakers.note(context, contact)
      // A token that a caller brought says nothing of the server.
      if (contact === 'sign_in_failed' && snowflakeTokenOf(principalOf(context.caller)) !== undefined) return
      health.contact(contact === 'reached')
      recovery.note(contact === 'reached')
    },
  }
  const results = new ResultStore({ clock, ...resultLimits })
  const background = new BackgroundQueries(limits.maxBackgroundQueries)
  const { maxPagedRows, backgroundTimeoutMs } = limits
  const { onBug } = options
  const work = { readers, results, background, maxPagedRows, backgroundTimeoutMs, onBug }
  const workFor = (context: RequestContext): ToolWork => createCallWork(work, context)
  // The order is the architecture: nothing protects that does not stand on this path.
  const stages = [
    measureCalls(metrics, clock, options.onCallEnd),
    requireAccess(access),
    gatekeeper.stage,
    countInSession(sessions),
    ...(options.admission ?? []),
    admission.stage,
    noteAdmission(metrics, clock),
  ]
  const runTool = joinStages(stages, createRunTool({ tools, workFor, onBug }))
  const runOperation = joinStages(stages, createRunTool({ tools: operations, workFor, onBug }))
  const running = new Set<AbortController>()
  gatekeeper.givenUp.addEventListener('abort', () => {
    for (const canceller of running) canceller.abort(gatekeeper.givenUp.reason)
  })
  const serve = (run: typeof runTool, call: ToolCall): Promise<CallOutcome> => {
    const { tool, arguments: args, caller, traceparent, canceller, onProgress } = call
    const context: RequestContext = {
      requestId: randomUUID(),
      tool,
      arguments: args,
      caller,
      traceparent,
      startedMs: clock.monotonicMs(),
      signal: canceller.signal,
      onProgress,
      record: new CallRecord(),
    }
    running.add(canceller)
    const outcome = runInContext(context, () => run(context))
    return unlessAborted(canceller.signal, outcome, () => running.delete(canceller))
  }
  return {
    clock,
    backend,
    tools: descriptors,
    access,
    sessions,
    metrics,
    health,
    slowStatements: options.slowStatements,
    pool,
    inFlight: () => gatekeeper.inFlight,
    queued: admission.queued,
    admission: report,
    call: (call) => serve(runTool, call),
    ask: (call) => serve(runOperation, call),
    async drain(timeoutMs) {
      recovery.stop()
      // Nobody will be there to ask for what runs in the background.
      await Promise.all([gatekeeper.drain(clock, timeoutMs), background.close()])
      sessions.close()
    },
  }
}

/** A cancelled call is answered at once. It goes on until Snowflake has ended its statement too, and counts as in flight until then. */
function unlessAborted(signal: AbortSignal, outcome: Promise<CallOutcome>, onEnd: () => void): Promise<CallOutcome> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve({ kind: 'cancelled' })
    const end = (): void => {
      signal.removeEventListener('abort', onAbort)
      onEnd()
    }
    signal.addEventListener('abort', onAbort)
    outcome.then(resolve, reject).finally(end)
  })
}
