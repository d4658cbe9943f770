import type { ServerLimits } from '@squall/mcp-server'
import type { PoolOptions } from '@squall/pool'
import type { Configuration } from '../configuration.ts'
import type { WorkerRole } from './messages.ts'

/** What one of several worker processes may use, so that together they use no more than what is configured. */
export function shareOf(configuration: Configuration, role: WorkerRole): Configuration {
  const { limits, pool, serve } = configuration
  if (serve.kind !== 'http') return configuration
  const shared = sharePool(pool, serve.processes)
  return {
    ...configuration,
    serve: { ...serve, port: role.port },
    pool: shared,
    limits: shareLimits(limits, serve.processes, shared.max),
  }
}

function sharePool(pool: PoolOptions, processes: number): PoolOptions {
  // Rounded down: an account may have no more sessions to give.
  const max = Math.max(1, Math.floor(pool.max / processes))
  const share = sharer(processes)
  return { ...pool, max, min: Math.min(max, share(pool.min)), maxWaiting: share(pool.maxWaiting) }
}

/**
 * Limits of all clients together are shared out. Those of one client stay as they are, since a client with a session is served by one
 * process alone; one without is served by all, and finds the limit in each.
 */
function shareLimits(limits: ServerLimits, processes: number, poolMax: number): ServerLimits {
  const share = sharer(processes)
  const { rates, maxConcurrentPerClient, maxQueuedPerClient, maxLeasesPerClient } = limits
  const { total } = rates
  const maxConcurrent = share(limits.maxConcurrent)
  const maxQueued = share(limits.maxQueued)
  const shareCalls = <L extends { readonly calls: number }>(limit: L): L => ({ ...limit, calls: share(limit.calls) })
  return {
    ...limits,
    maxSessions: share(limits.maxSessions),
    maxSessionsPerPrincipal: share(limits.maxSessionsPerPrincipal),
    maxBackgroundQueries: share(limits.maxBackgroundQueries),
    maxConcurrent,
    maxQueued,
    maxConcurrentPerClient: atMost(maxConcurrentPerClient, maxConcurrent),
    maxQueuedPerClient: atMost(maxQueuedPerClient, maxQueued),
    maxLeasesPerClient: atMost(maxLeasesPerClient, poolMax),
    rates: {
      ...rates,
      total: {
        rates: total.rates.map(shareCalls),
        queryRates: total.queryRates.map(shareCalls),
        quotas: total.quotas.map(shareCalls),
        queryQuotas: total.queryQuotas.map(shareCalls),
      },
    },
  }
}

function sharer(processes: number): (whole: number) => number {
  return (whole) => Math.ceil(whole / processes)
}

function atMost(limit: number | undefined, whole: number): number | undefined {
  return limit === undefined ? undefined : Math.min(limit, whole)
}
