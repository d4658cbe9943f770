import { formatLatency } from '../../format-latency.ts'
import { formatCount, formatRate, formatShare } from '../../format-number.ts'
import type { Summary } from '../../summary.ts'
import { html, type Html } from '../html.ts'

/** The handful of numbers a reader takes away. */
export function renderKeyFigures({ run, totals, rate, latencyMs, timeline }: Summary): Html {
  const peak = timeline.reduce((highest, { calls }) => Math.max(highest, calls), 0)
  const figures = [
    figure('Calls per second', formatRate(rate.callsPerSecond), `peak ${formatCount(peak)}`),
    figure('Response p50', formatLatency(latencyMs.response, 'p50'), `service ${formatLatency(latencyMs.service, 'p50')}`),
    figure('Response p95', formatLatency(latencyMs.response, 'p95'), `service ${formatLatency(latencyMs.service, 'p95')}`),
    figure('Response p99', formatLatency(latencyMs.response, 'p99'), `service ${formatLatency(latencyMs.service, 'p99')}`),
    figure(
      'Failed',
      formatShare(totals.calls > 0 ? totals.failed / totals.calls : 0),
      `${formatCount(totals.failed)} of ${formatCount(totals.calls)} calls`,
    ),
    figure(
      'Clients at once',
      formatCount(totals.clientsPeak),
      run.arrivalSeconds === null
        ? `${formatCount(totals.sessionsOpened)} sessions opened`
        : `${formatCount(totals.clientsStarted)} arrived`,
    ),
  ]
  return html`<section aria-labelledby="figures-title">
    <h2 id="figures-title" class="unseen">Key figures</h2>
    <dl class="figures">${figures}</dl>
  </section>`
}

const figure = (name: string, value: string, detail: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    <dd class="detail">${detail}</dd>
  </div>`
