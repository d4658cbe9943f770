import { explainFailure } from '../../failure-codes.ts'
import { formatCount, formatShare } from '../../format-number.ts'
import type { Groups, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** Failures by code, the most frequent first: what each means, and where it happened. */
export function renderFailures(summary: Summary): Html {
  const { errors, totals, methods } = summary
  const entries = Object.entries(errors).toSorted(([, left], [, right]) => right - left)
  if (entries.length === 0)
    return html`<section>
      <h2>Failures</h2>
      <p>No call failed.</p>
    </section>`
  const calls = Object.values(methods).reduce((sum, group) => sum + group.calls, totals.calls)
  return html`<section aria-labelledby="failures-title">
    <h2 id="failures-title">Failures</h2>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="failures-title">
      <table>
        <caption class="unseen">
          Failed calls of all methods by code
        </caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col" class="number">Count</th>
            <th scope="col" class="number">Of all calls</th>
            <th scope="col">What it means</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            ([code, count]) =>
              html`<tr>
                <th scope="row"><code>${code}</code></th>
                <td class="number">${formatCount(count)}</td>
                <td class="number">${formatShare(calls > 0 ? count / calls : 0)}</td>
                <td class="prose">${explainFailure(code) ?? 'A code of the target or of the pack.'}</td>
                <td class="prose">${whereOf(code, { ...summary.tools, ...summary.methods })}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

const mostPlaces = 4

function whereOf(code: string, groups: Groups): string {
  const places = Object.entries(groups)
    .map(([name, { errors }]) => ({ name, count: errors[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((left, right) => right.count - left.count)
  const named = places.slice(0, mostPlaces).map(({ name, count }) => `${name} ${formatCount(count)}`)
  return [...named, ...(places.length > mostPlaces ? [`${places.length - mostPlaces} more`] : [])].join(', ')
}
