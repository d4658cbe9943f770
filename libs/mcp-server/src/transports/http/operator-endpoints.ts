import { performance } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type { HealthReason } from '../../observe/health.ts'
import type { ServerInfo } from '../../protocol/server-info.ts'
import type { ServerCore } from '../../server-core.ts'
import { authenticateRequests } from './access-hook.ts'

/** What the processes of one server are together; whichever is asked answers for all. */
export interface Siblings {
  /** Metrics of all, in Prometheus' text format. */
  renderMetrics(): Promise<string>
  /** What each is doing. */
  describe(): Promise<readonly object[]>
}

/**
 * What operators and load balancers ask: is it alive, is it ready, what is it doing.
 * @param siblings the other processes of this server; absent where there are none.
 */
export function operatorEndpoints(
  core: ServerCore,
  info: ServerInfo,
  siblings: Siblings | undefined,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/health', (_request, reply) => {
      const health = describeHealth(core)
      const { status, live, ready, timestamp } = health
      // Where callers must prove who they are, others learn no more than that it serves.
      void reply.code(ready ? 200 : 503).send(core.access.isRequired ? { status, live, ready, timestamp } : health)
    })
    app.get('/health/live', (_request, reply) => void reply.send({ live: true }))
    app.get('/health/ready', (_request, reply) => {
      const { ready, status } = describeHealth(core)
      void reply.code(ready ? 200 : 503).send({ ready, status })
    })
    const onRequest = authenticateRequests(core.access, 'metrics')
    app.get('/health/detailed', { onRequest }, (_request, reply) => {
      const health = describeHealth(core)
      void reply.code(health.ready ? 200 : 503).send({ ...health, ...describeLoad(core) })
    })
    app.get('/status/slow-queries', { onRequest }, (_request, reply) => {
      void reply.send({ slowest: core.slowStatements?.list() ?? [] })
    })
    app.get('/status', { onRequest }, async () => ({
      ...describeStatus(core, info),
      ...(siblings !== undefined && { processes: await siblings.describe() }),
    }))
    app.get('/sessions', { onRequest }, (_request, reply) => void reply.send({ sessions: describeSessions(core) }))
    app.get('/metrics', { onRequest }, async (_request, reply) => {
      void reply.header('content-type', core.metrics.contentType)
      return siblings === undefined ? core.metrics.render() : siblings.renderMetrics()
    })
  }
}

interface HealthReport {
  readonly status: string
  readonly live: true
  readonly ready: boolean
  readonly timestamp: string
  readonly uptimeSeconds: number
  readonly snowflake: { readonly state: string; readonly detail: string }
  readonly pool: Readonly<Record<string, number>>
  /** What is wrong; empty where the server is healthy. */
  readonly reasons: readonly HealthReason[]
}

function describeHealth({ health, backend, pool, clock }: ServerCore): HealthReport {
  const status = health.status()
  const { size, available, leased, waiting, max } = pool()
  return {
    status,
    live: true,
    ready: status === 'healthy' || status === 'degraded',
    timestamp: new Date(clock.wallMs()).toISOString(),
    uptimeSeconds: Math.round(process.uptime()),
    snowflake: { state: backend.state(), detail: backend.detail() },
    pool: { size, available, leased, waiting, max },
    reasons: health.reasons(),
  }
}

/** What a person who looks for the cause wants beside the state. */
function describeLoad(core: ServerCore): Readonly<Record<string, unknown>> {
  const { rss, heapUsed } = process.memoryUsage()
  const { utilization } = performance.eventLoopUtilization()
  return {
    calls: { inFlight: core.inFlight(), queued: core.queued() },
    sessions: core.sessions.stats(),
    poolDetail: core.pool(),
    process: { residentBytes: rss, heapUsedBytes: heapUsed, eventLoopUtilization: utilization, cpuSeconds: cpuSeconds() },
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const mostListed = 1000

/** Sessions one by one, the liveliest first. An id is worth a session, so only its beginning is shown. */
function describeSessions({ clock, sessions }: ServerCore): readonly object[] {
  const nowMs = clock.monotonicMs()
  return sessions.list(mostListed).map((session) => {
    const { clientType, clientName, clientVersion, protocolVersion, owner } = session.facts
    return {
      id: `${session.id.slice(0, 8)}…`,
      principal: owner.id,
      clientType,
      clientName,
      clientVersion,
      protocolVersion,
      isImplicit: session.isImplicit,
      state: session.state,
      ageSeconds: Math.round((nowMs - session.openedMs) / 1000),
      idleSeconds: Math.round((nowMs - session.lastSeenMs) / 1000),
      requests: session.stats(),
    }
  })
}

function describeStatus(core: ServerCore, info: ServerInfo): Readonly<Record<string, unknown>> {
  const { backend, health, pool, sessions, tools } = core
  return {
    server: info,
    status: health.status(),
    backend: { kind: backend.kind, account: backend.account, state: backend.state(), detail: backend.detail() },
    pool: pool(),
    sessions: sessions.stats(),
    calls: { inFlight: core.inFlight(), queued: core.queued() },
    admission: core.admission(),
    tools: tools.map(({ name }) => name),
  }
}
