import { formatLatency } from '../../format-latency.ts'
import { formatCount } from '../../format-number.ts'
import type { LatencySummary, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

const meanings: Readonly<Record<string, string>> = {
  firstEvent: 'to the first event of a streamed answer',
  notification: 'to a notification, from what caused it',
  cancellation: 'to the end of a cancelled call, from its cancellation',
}

/** Times that are not those of a whole call; nothing where none were measured. */
export function renderOtherTimes({ latencies }: Summary): Html {
  const entries = Object.entries(latencies)
  if (entries.length === 0) return html``
  return html`<section aria-labelledby="other-times-title">
    <h2 id="other-times-title">Other times</h2>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="other-times-title">
      <table>
        <caption class="unseen">
          Times that are not those of a whole call
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            ${['Count', 'p50', 'p95', 'p99', 'Slowest'].map((title) => html`<th scope="col" class="number">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${entries.map(([name, latency]) => renderRow(meanings[name] ?? name, latency))}
        </tbody>
      </table>
    </div>
  </section>`
}

const shown = ['p50', 'p95', 'p99', 'max'] as const

function renderRow(name: string, latency: LatencySummary): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${formatCount(latency.count)}</td>
    ${shown.map((which) => html`<td class="number">${formatLatency(latency, which)}</td>`)}
  </tr>`
}
