import { formatMs } from '../../format-number.ts'
import type { LatencySummary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** A logarithmic scale of milliseconds that several rows share. */
export interface SpreadScale {
  /** Whole powers of ten. */
  readonly lowest: number
  readonly highest: number
}

const width = 200
const height = 16
const middle = height / 2

/** The smallest scale of whole decades that holds all of them, at least two decades wide. */
export function spreadScale(latencies: readonly LatencySummary[]): SpreadScale {
  const measured = latencies.filter(({ count }) => count > 0)
  const low = Math.min(...measured.map(({ p50 }) => p50), 1000)
  const high = Math.max(...measured.map(({ max }) => max), 1)
  const lowest = Math.floor(Math.log10(Math.max(low / 2, 0.01)))
  return { lowest, highest: Math.max(lowest + 2, Math.ceil(Math.log10(high))) }
}

/** p50, p95, p99 and the slowest call on one line: a bar to p95, a thin one to p99, a dot at the end. */
export function renderSpread(latency: LatencySummary, scale: SpreadScale): Html {
  if (latency.count === 0) return html``
  const x = (ms: number): string => xOf(ms, scale).toFixed(1)
  const { p50, p95, p99, max } = latency
  const words = `p50 ${formatMs(p50)}, p95 ${formatMs(p95)}, p99 ${formatMs(p99)}, slowest ${formatMs(max)}`
  return html`<svg class="spread" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
    <title>${words}</title>
    ${decades(scale).map((ms) => html`<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="0" y2="${height}" />`)}
    <line class="to-max" x1="${x(p99)}" x2="${x(max)}" y1="${middle}" y2="${middle}" />
    <line class="to-p99" x1="${x(p95)}" x2="${x(p99)}" y1="${middle}" y2="${middle}" />
    <line class="to-p95" x1="${x(p50)}" x2="${x(p95)}" y1="${middle}" y2="${middle}" />
    <line class="p50" x1="${x(p50)}" x2="${x(p50)}" y1="1" y2="${height - 1}" />
    <circle class="max" cx="${x(max)}" cy="${middle}" r="2.2" />
  </svg>`
}

/** The scale's labels, for the head of the column. */
export function renderSpreadAxis(scale: SpreadScale): Html {
  // Of many decades every second one is named, or the names would touch.
  const every = scale.highest - scale.lowest > mostNamed ? 2 : 1
  const named = decades(scale).filter((_, index) => index % every === 0)
  const labels = named.map((ms) => {
    const x = xOf(ms, scale)
    const anchor = x < 10 ? 'start' : x > width - 10 ? 'end' : 'middle'
    return html`<text x="${x.toFixed(1)}" y="11" text-anchor="${anchor}">${shortMs(ms)}</text>`
  })
  return html`<svg class="spread axis" viewBox="0 0 ${width} ${height}" aria-hidden="true">${labels}</svg>`
}

const mostNamed = 3

const decades = ({ lowest, highest }: SpreadScale): number[] =>
  Array.from({ length: highest - lowest + 1 }, (_, index) => 10 ** (lowest + index))

const shortMs = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)

const margin = 4

function xOf(ms: number, { lowest, highest }: SpreadScale): number {
  const share = (Math.log10(Math.max(ms, 10 ** lowest)) - lowest) / (highest - lowest)
  return margin + Math.min(1, share) * (width - 2 * margin)
}
