import { performance } from 'node:perf_hooks'
import { availableParallelism } from 'node:os'
import { collectDefaultMetrics, type Registry } from 'prom-client'
import { memoryLimitBytes } from '../memory-check.ts'
import type { Instruments } from './instruments.ts'

/** CPU, memory, garbage collection, open files and event loop of this process, as prom-client gives them, and what sizing needs besides. */
export function addProcessMetrics(make: Instruments, registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  make.readGauge('mcp_uptime_seconds', 'Time since the process started', () => process.uptime())
  // As counters, so that the share of any stretch of time can be told, by as many readers as there are.
  make.readCounter('mcp_event_loop_active_seconds_total', 'Time the event loop had work', () => {
    return performance.eventLoopUtilization().active / 1000
  })
  make.readCounter('mcp_event_loop_idle_seconds_total', 'Time the event loop waited', () => {
    return performance.eventLoopUtilization().idle / 1000
  })
  make.readGauge('mcp_cores', 'Processors this process may use', () => availableParallelism())
  make.readGauge('mcp_memory_limit_bytes', 'Memory this process may use', memoryLimitBytes)
}
