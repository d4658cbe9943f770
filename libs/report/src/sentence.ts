import { formatCount, formatMs, formatRate, formatShare } from './format-number.ts'
import type { Summary } from './summary.ts'

/** The run in one plain sentence for a reader who was not there. */
export function renderSentence(summary: Summary): string {
  const { totals, rate, latencyMs } = summary
  if (totals.calls === 0) return 'No tool was called, so nothing can be said about this server.'
  const clients = `${formatCount(totals.clientsPeak)} client${totals.clientsPeak === 1 ? '' : 's'}`
  const parts = [
    `This server carried ${clients} at ${formatRate(rate.callsPerSecond)} calls/s`,
    `95 % of calls answered within ${formatMs(latencyMs.response.p95)}`,
    totals.failed === 0 ? 'nothing failed' : `${formatShare(totals.failed / totals.calls)} of calls failed`,
  ]
  return `${parts.join('; ')}.`
}
