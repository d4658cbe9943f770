import { formatMs, formatRate, formatShare } from '../../format-number.ts'
import { formatEffect } from '../../regression/comparison-rows.ts'
import type { LatencySummary, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'
import { formatStart } from './page-head.ts'

interface Row {
  readonly name: string
  readonly before: number | null
  readonly now: number | null
  readonly format: (value: number | null) => string
  /** Whether the change is a difference instead of a ratio. */
  readonly isShare?: boolean
}

/** The run beside an earlier one, number by number. */
export function renderEarlier(summary: Summary, earlier: Summary | undefined): Html {
  if (earlier === undefined) return html``
  const isSameLoad = summary.run.planHash === earlier.run.planHash
  return html`<section aria-labelledby="earlier-title">
    <h2 id="earlier-title">Beside an earlier run</h2>
    <p class="note">
      ${earlier.run.target}, ${formatStart(earlier.run.startedAt)}. One run beside another shows no more than that they differ:
      what chance does, squall compare tells.
    </p>
    ${!isSameLoad && html`<p class="warning">The earlier run made another load, so the figures do not compare.</p>`}
    <div class="scroll" role="region" tabindex="0" aria-labelledby="earlier-title">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            ${['Before', 'Now', 'Change'].map((title) => html`<th scope="col" class="number">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rowsOf(summary, earlier).map(renderRow)}
        </tbody>
      </table>
    </div>
  </section>`
}

const failedShare = ({ totals: { calls, failed } }: Summary): number => (calls === 0 ? 0 : failed / calls)

function rowsOf(summary: Summary, earlier: Summary): Row[] {
  const tools = Object.keys(summary.tools).filter((tool) => earlier.tools[tool] !== undefined)
  return [
    {
      name: 'calls per second',
      before: earlier.rate.callsPerSecond,
      now: summary.rate.callsPerSecond,
      format: (value) => formatRate(value ?? 0),
    },
    {
      name: 'failed',
      before: failedShare(earlier),
      now: failedShare(summary),
      format: (value) => formatShare(value ?? 0),
      isShare: true,
    },
    ...latencyRows('all calls', earlier.latencyMs.response, summary.latencyMs.response),
    ...tools.flatMap((tool) => latencyRows(tool, earlier.tools[tool]?.response, summary.tools[tool]?.response)),
  ]
}

function latencyRows(name: string, before: LatencySummary | undefined, now: LatencySummary | undefined): Row[] {
  return (['p50', 'p95', 'p99'] as const).map((statistic) => ({
    name: `${statistic} of ${name}`,
    before: valueOf(before, statistic),
    now: valueOf(now, statistic),
    format: formatMs,
  }))
}

const valueOf = (latency: LatencySummary | undefined, statistic: 'p50' | 'p95' | 'p99'): number | null =>
  latency === undefined || latency.count === 0 ? null : latency[statistic]

function renderRow({ name, before, now, format, isShare }: Row): Html {
  const isKnown = before !== null && now !== null && (isShare === true || before > 0)
  const change = isKnown ? formatEffect(isShare === true ? now - before : now / before - 1, isShare) : '–'
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${format(before)}</td>
    <td class="number">${format(now)}</td>
    <td class="number">${change}</td>
  </tr>`
}
