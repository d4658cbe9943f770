import { formatLatency } from './format-latency.ts'
import { formatClients, formatCount, formatDuration, formatRate, formatShare } from './format-number.ts'
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
  if (summary.verdict === 'inconclusive') parts.push('not every threshold could be judged')
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
  if (summary.totals.failed * 2 > summary.totals.calls) return `was offered ${load(summary)}`
  return `${arrivalsPerSecond(summary) === undefined ? 'carried' : 'served'} ${load(summary)}`
}

/** Clients that stay are a number at once; those that come and go are a rate. */
function load(summary: Summary): string {
  const arrivals = arrivalsPerSecond(summary)
  const calls = `${formatRate(summary.rate.callsPerSecond)} calls/s`
  if (arrivals === undefined) return `${clients(summary)} at ${calls}`
  return `${clients(summary)} arriving at ${formatRate(arrivals)} a second: ${calls}`
}

const clients = ({ run, totals }: Summary): string =>
  formatClients(run.arrivalSeconds === null ? totals.clientsPeak : totals.clientsStarted)

const arrivalsPerSecond = ({ run: { arrivalSeconds }, totals }: Summary): number | undefined =>
  arrivalSeconds === null || arrivalSeconds === 0 ? undefined : totals.clientsStarted / arrivalSeconds

const answered = ({ latencyMs }: Summary): string => `95 % of calls answered within ${formatLatency(latencyMs.response, 'p95')}`

const failed = ({ totals }: Summary): string =>
  totals.failed === 0 ? 'nothing failed' : `${formatShare(totals.failed / totals.calls)} of calls failed`

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const untilStopped = ({ verdict, run }: Summary): string =>
  verdict === 'stopped' ? `Until it was stopped after ${formatDuration(run.durationSeconds)}, ` : ''
