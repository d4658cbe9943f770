import type { Configuration } from '../configuration.ts'
import type { WorkerRole } from './messages.ts'

/** What one of several worker processes may use, so that together they use no more than what is configured. */
export function shareOf(configuration: Configuration, role: WorkerRole): Configuration {
  const processes = configuration.serve.kind === 'http' ? configuration.serve.processes : 1
  const share = (whole: number): number => Math.ceil(whole / processes)
  const { limits, pool, serve, observe } = configuration
  const { maxSessions, maxConcurrent, maxQueued } = limits
  const max = Math.max(1, Math.floor(pool.max / processes))
  const isFile = observe.audit !== undefined && !['stdout', 'stderr'].includes(observe.audit.target)
  return {
    ...configuration,
    serve: serve.kind === 'http' ? { ...serve, port: role.port } : serve,
    pool: { ...pool, max, min: Math.min(max, share(pool.min)), maxWaiting: share(pool.maxWaiting) },
    limits: {
      ...limits,
      maxSessions: share(maxSessions),
      maxConcurrent: share(maxConcurrent),
      maxQueued: share(maxQueued),
    },
    // Two processes cannot take turns in one file.
    ...(isFile && { observe: { ...observe, audit: { ...observe.audit, target: `${observe.audit.target}.${role.slot}` } } }),
  }
}
