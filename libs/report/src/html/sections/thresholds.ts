import { formatMeasured, resultOf } from '../../format-threshold.ts'
import type { Summary, ThresholdResult } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** What the run had to keep, and whether it did. */
export function renderThresholds({ thresholds }: Summary): Html {
  if (thresholds.length === 0)
    return html`<section>
      <h2>Thresholds</h2>
      <p>The pack states none.</p>
    </section>`
  return html`<section aria-labelledby="thresholds-title">
    <h2 id="thresholds-title">Thresholds</h2>
    <div class="scroll compact" role="region" tabindex="0" aria-labelledby="thresholds-title">
      <table>
        <caption class="unseen">
          Each threshold with what was measured
        </caption>
        <thead>
          <tr>
            <th scope="col">Threshold</th>
            <th scope="col" class="number">Measured</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          ${thresholds.map(renderRow)}
        </tbody>
      </table>
    </div>
  </section>`
}

const signs = { held: '✓', broken: '✗', 'not judged': '–' } as const

function renderRow(threshold: ThresholdResult): Html {
  const result = resultOf(threshold)
  return html`<tr>
    <th scope="row"><code>${threshold.expression}</code></th>
    <td class="number">${formatMeasured(threshold)}</td>
    <td><span class="${result.replace(' ', '-')}">${signs[result]} ${result}</span></td>
  </tr>`
}
