import { formatLatency } from './format-latency.ts'
import { formatCount, formatDuration, formatRate, formatShare } from './format-number.ts'
import type { Summary } from './summary.ts'

/** The run in one plain sentence for a reader who was not there; it claims no more than the run shows. */
export function renderSentence(summary: Summary): string {
  return capitalised(untilStopped(summary) + renderFinding(summary))
}

function renderFinding(summary: Summary): string {
  const { totals, generator } = summary
  if (totals.calls === 0) return renderWithoutTools(summary)
  if (totals.ok === 0) return `all ${formatCount(totals.calls)} calls from ${clients(summary)} failed.`
  if (generator.saturated) {
    return `this server was offered ${load(summary)}, but the generator or its machine was the bottleneck: what the server can do is not known.`
  }
  const parts = [`this server ${didWhat(summary)}`, answered(summary), failed(summary)]
  if (summary.verdict === 'degraded') parts.push('part of the load was lost')
  return `${parts.join('; ')}.`
}

function renderWithoutTools({ methods }: Summary): string {
  const others = Object.values(methods)
  const [calls, ok] = [others.reduce((sum, group) => sum + group.calls, 0), others.reduce((sum, group) => sum + group.ok, 0)]
  if (calls === 0) return 'no call was made, so nothing can be said about this server.'
  return `no tool was called; ${formatCount(ok)} of ${formatCount(calls)} calls of other methods succeeded.`
}

function didWhat(summary: Summary): string {
  // Whoever fails most calls did not carry the load.
  const verb = summary.totals.failed * 2 > summary.totals.calls ? 'was offered' : 'carried'
  return `${verb} ${load(summary)}`
}

const load = (summary: Summary): string => `${clients(summary)} at ${formatRate(summary.rate.callsPerSecond)} calls/s`

const clients = ({ totals: { clientsPeak } }: Summary): string =>
  `${formatCount(clientsPeak)} client${clientsPeak === 1 ? '' : 's'}`

const answered = ({ latencyMs }: Summary): string => `95 % of calls answered within ${formatLatency(latencyMs.response, 'p95')}`

const failed = ({ totals }: Summary): string =>
  totals.failed === 0 ? 'nothing failed' : `${formatShare(totals.failed / totals.calls)} of calls failed`

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const untilStopped = ({ verdict, run }: Summary): string =>
  verdict === 'stopped' ? `Until it was stopped after ${formatDuration(run.durationSeconds)}, ` : ''
