import { formatLatency } from '../../format-latency.ts'
import { formatCount, formatRate, formatShare } from '../../format-number.ts'
import type { Groups, GroupSummary } from '../../summary.ts'
import { html, type Html } from '../html.ts'
import { renderSpread, renderSpreadAxis, type SpreadScale } from './latency-spread.ts'

export interface GroupTableOptions {
  readonly id: string
  readonly title: string
  /** What one row is: `Tool`. */
  readonly rowTitle: string
  readonly note?: string
  /** A word beside a row's name, and what more there is to say. */
  readonly noteOf?: (name: string) => { readonly word: string; readonly words: string } | undefined
  /** Shared by all tables of the page, so that their bars can be compared. */
  readonly scale: SpreadScale
  /** Whether a visible line says how to read the bars; once on a page is enough. */
  readonly isExplained?: boolean
  /** Seconds the rates refer to; absent where a rate would say nothing. */
  readonly seconds?: number
}

/** Calls, failures and times of each group, the largest first, with the spread of response times on one shared scale. */
export function renderGroupTable(groups: Groups, options: GroupTableOptions): Html {
  const entries = Object.entries(groups).toSorted(([, left], [, right]) => right.calls - left.calls)
  if (entries.length === 0) return html``
  const { id, title, rowTitle, note, noteOf, scale, isExplained, seconds } = options
  return html`<section aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${note !== undefined && html`<p class="note">${note}</p>`}
    <div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-title">
      <table>
        <caption class="${isExplained !== true && 'unseen'}">
          Response times; the bar reaches from p50 to p95, the thin line on to p99, the dot is the slowest call.
        </caption>
        <thead>
          <tr>
            <th scope="col">${rowTitle}</th>
            <th scope="col" class="number">Calls</th>
            ${seconds !== undefined && html`<th scope="col" class="number">Per second</th>`}
            <th scope="col" class="number">Failed</th>
            <th scope="col" class="number">p50</th>
            <th scope="col" class="number">p95</th>
            <th scope="col" class="number">p99</th>
            <th scope="col" class="number">Slowest</th>
            <th scope="col" class="number">Service p95</th>
            <th scope="col" class="spread-column"><span class="unseen">Spread</span>${renderSpreadAxis(scale)}</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(([name, group]) => renderRow({ name, group, scale, seconds, note: noteOf?.(name) }))}
        </tbody>
      </table>
    </div>
  </section>`
}

interface Row {
  readonly name: string
  readonly group: GroupSummary
  readonly scale: SpreadScale
  readonly seconds: number | undefined
  readonly note: { readonly word: string; readonly words: string } | undefined
}

function renderRow({ name, group, scale, seconds, note }: Row): Html {
  const { calls, response, service } = group
  return html`<tr>
    <th scope="row">${name}${note && html` <small class="evidence" title="${note.words}">${note.word}</small>`}</th>
    <td class="number">${formatCount(calls)}</td>
    ${seconds !== undefined && html`<td class="number">${formatRate(seconds > 0 ? calls / seconds : 0)}</td>`}
    <td class="number">${renderFailed(group)}</td>
    <td class="number">${formatLatency(response, 'p50')}</td>
    <td class="number strong">${formatLatency(response, 'p95')}</td>
    <td class="number">${formatLatency(response, 'p99')}</td>
    <td class="number">${formatLatency(response, 'max')}</td>
    <td class="number quiet">${formatLatency(service, 'p95')}</td>
    <td class="spread-column">${renderSpread(response, scale)}</td>
  </tr>`
}

function renderFailed({ calls, failed, errors }: GroupSummary): Html {
  if (failed === 0) return html`<span class="quiet">0</span>`
  const codes = Object.entries(errors).toSorted(([, left], [, right]) => right - left)
  const words = codes.map(([code, count]) => `${code} ${formatCount(count)}`).join(', ')
  return html`<span class="broken" title="${words}">${formatCount(failed)} <small>${formatShare(failed / calls)}</small></span>`
}
