import { formatDuration } from '../../format-number.ts'
import { renderSentence } from '../../sentence.ts'
import type { Summary, Verdict } from '../../summary.ts'
import { html, type Html } from '../html.ts'
import { formatStart, keepUnits, renderThemeChoice } from './page-head.ts'

const meanings: Readonly<Record<Verdict, (summary: Summary) => string>> = {
  pass: () => 'every threshold held',
  fail: ({ thresholds }) =>
    thresholds.some(({ ok, value }) => !ok && value !== null) ? 'a threshold was broken' : 'the server did not serve the load',
  inconclusive: ({ generator }) =>
    generator.saturated
      ? 'the figures cannot be trusted to be the server’s'
      : 'a threshold has nothing to be judged by: it is neither held nor broken',
  stopped: () => 'ended before its time; the figures are whole up to then',
  degraded: () => 'part of the load was lost',
}

/** The head of the page: what was run, the verdict, the sentence, and why. */
export function renderMasthead(summary: Summary): Html {
  const { run, verdict, reasons } = summary
  return html`<header class="masthead">
    <div class="topline">
      <p class="what"><b>${run.pack}</b> <span class="target">${run.target}</span></p>
      ${renderThemeChoice()}
    </div>
    <p class="verdict ${verdict}"><b>${verdict}</b> <span>${meanings[verdict](summary)}</span></p>
    <h1>${keepUnits(renderSentence(summary))}</h1>
    ${
      reasons.length > 0 &&
      html`<ul class="reasons">
        ${reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>`
    }
    <p class="when">
      <time datetime="${run.startedAt}">${formatStart(run.startedAt)}</time> · ${formatDuration(run.durationSeconds)} ·
      ${run.model} · Squall ${run.squallVersion}
    </p>
  </header>`
}
