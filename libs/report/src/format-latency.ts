import { formatMs } from './format-number.ts'
import type { LatencySummary } from './summary.ts'

/** One number of a latency summary with its unit; `–` where nothing was measured. */
export const formatLatency = (latency: LatencySummary, name: Exclude<keyof LatencySummary, 'count'>): string =>
  formatMs(latency.count === 0 ? null : latency[name])
