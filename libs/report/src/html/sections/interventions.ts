import { formatInstant } from '../../plots/describe-plot.ts'
import type { RunEventNote, Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** What was done to the run from outside while it ran; nothing where it was left alone. */
export function renderInterventions({ events }: Summary): Html {
  if (events.length === 0) return html``
  return html`<section aria-labelledby="interventions-title">
    <h2 id="interventions-title">What was done to the run</h2>
    <p class="note">The load was not the pack's own from here on.</p>
    <ul>
      ${events.map((event) => html`<li>${describeEvent(event)}</li>`)}
    </ul>
  </section>`
}

const describeEvent = ({ second, text }: RunEventNote): string => `${formatInstant(second)}: ${text}`
