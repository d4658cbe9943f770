import { randomUUID } from 'node:crypto'
import type { PoolStats } from '@squall/pool'
import { SessionRegistry } from '@squall/session'
import type { Gate } from '@squall/sql-policy'
import type { Clock } from '@squall/time'
import { CallRecord, type EndedCall } from './observe/call-record.ts'
import { createHealth, type Backend, type Health, type HealthCheck } from './observe/health.ts'
import { createMetrics, type ServerMetrics } from './observe/metrics/server-metrics.ts'
import { observeConnections } from './observe/observed-connections.ts'
import type { SlowStatements } from './observe/slow-statements.ts'
import { countInSession } from './pipeline/count-in-session.ts'
import { createAccess, type Access } from './access/access.ts'
import { requireAccess } from './pipeline/authenticate.ts'
import { Gatekeeper } from './pipeline/gatekeeper.ts'
import { createConcurrencyLimiter, type ConcurrencyLimits } from './pipeline/limit-concurrency.ts'
import { measureCalls, noteAdmission } from './pipeline/measure.ts'
import { createRunTool } from './pipeline/run-tool.ts'
import { joinStages, type Stage } from './pipeline/stage.ts'
import type { Progress } from './protocol/progress.ts'
import { runInContext, type Caller, type RequestContext } from './request-context.ts'
import type { Connections } from './snowflake/connections.ts'
import type { StatementLimits } from './snowflake/leased-reader.ts'
import { createWithReader } from './snowflake/with-reader.ts'
import type { CallOutcome } from './tool-result.ts'
import { tools } from './tools/tool-table.ts'
import type { ToolDescriptor } from './tools/tool.ts'

export interface ServerLimits extends StatementLimits, ConcurrencyLimits {
  /** How long a call may wait for a session in Snowflake. */
  readonly acquireTimeoutMs: number
  readonly maxSessions: number
  readonly sessionIdleTtlMs: number
}

export interface ServerCoreOptions {
  readonly clock: Clock
  readonly connections: Connections
  readonly checkReadOnly: Gate
  readonly backend: Backend
  readonly limits: ServerLimits
  /** Tells who calls; only callers on this machine may unless something better is given. */
  readonly access?: Access
  /** Further stages that may turn a call away, before it waits for its turn: rates, quotas, breakers. */
  readonly admission?: readonly Stage[]
  /** Told of errors that are no one's input: bugs. */
  readonly onBug: (error: unknown, context: RequestContext) => void
  /** Told of each call when it has ended. */
  readonly onCallEnd?: (call: EndedCall) => void
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
  readonly inFlight: () => number
  readonly queued: () => number
  /** Takes no new calls, waits for those in flight, and aborts what is left when the time is over. */
  drain(timeoutMs: number): Promise<void>
}

export function createServerCore(options: ServerCoreOptions): ServerCore {
  const { clock, checkReadOnly, backend, limits } = options
  const access = options.access ?? createAccess({ clock, keys: [], lockOut: { attempts: 0, windowMs: 0, durationMs: 0 } })
  const gatekeeper = new Gatekeeper()
  const concurrency = createConcurrencyLimiter(clock, limits)
  const sessions = new SessionRegistry({
    clock,
    idleTtlMs: limits.sessionIdleTtlMs,
    maxSessions: limits.maxSessions,
    onEnd: (session, end) => metrics.sessionEnded(session, end),
  })
  const pool = (): PoolStats => options.connections.stats()
  const health = createHealth({
    backend,
    pool,
    isDraining: () => gatekeeper.isClosed,
    ...(options.healthChecks !== undefined && { checks: options.healthChecks }),
  })
  const descriptors = tools.map(({ descriptor }) => descriptor)
  const metrics = createMetrics({
    pool,
    sessions: () => sessions.stats(),
    queued: concurrency.queued,
    health: () => health.status(),
    access: () => access.stats(),
    toolNames: descriptors.map(({ name }) => name),
  })
  const connections = observeConnections(options.connections, clock, metrics.connections)
  const readers = {
    connections,
    checkReadOnly,
    limits,
    acquireTimeoutMs: limits.acquireTimeoutMs,
    onContact: health.contact,
  }
  const runTool = createRunTool({
    tools,
    withReader: (context) => createWithReader(readers, context),
    onBug: options.onBug,
  })
  // The order is the architecture: nothing protects that does not stand on this path.
  const pipeline = joinStages(
    [
      measureCalls(metrics, clock, options.onCallEnd),
      requireAccess(access),
      gatekeeper.stage,
      countInSession(sessions),
      ...(options.admission ?? []),
      concurrency.stage,
      noteAdmission(metrics, clock),
    ],
    runTool,
  )
  const running = new Set<AbortController>()
  gatekeeper.givenUp.addEventListener('abort', () => {
    for (const canceller of running) canceller.abort(gatekeeper.givenUp.reason)
  })
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
    queued: concurrency.queued,
    call({ tool, arguments: args, caller, traceparent, canceller, onProgress }) {
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
      const outcome = runInContext(context, () => pipeline(context))
      return unlessAborted(canceller.signal, outcome, () => running.delete(canceller))
    },
    async drain(timeoutMs) {
      await gatekeeper.drain(clock, timeoutMs)
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
