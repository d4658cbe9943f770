import { renderCurve } from '../capacity/curve-svg.ts'
import { formatCurveValue, type Curve } from '../capacity/curve.ts'
import { formatCount } from '../format-number.ts'
import { html, type Html } from '../html/html.ts'
import { inlineData } from '../html/inline.ts'
import { readPlainAssets } from '../html/page-assets.ts'
import { renderPage } from '../html/page.ts'
import { formatStart, keepUnits, renderThemeChoice } from '../html/sections/page-head.ts'
import { formatEffect } from './comparison-rows.ts'
import type { History, HistoryChange, HistorySeries } from './history.ts'

/** The history of a baseline as one page that needs nothing else. */
export async function renderHistoryHtml(history: History): Promise<string> {
  const curves = history.series.map((series, index) => toCurve(series, index))
  const sections = [renderHead(history), renderChanges(history), renderCurves(curves), renderMethod()]
  return renderPage({ ...(await readPlainAssets('curves.js')), title: `History of ${history.name} · Squall`, sections })
}

const titleOf = ({ tool, metric }: HistorySeries): string => `${metric} of ${tool === '*' ? 'all calls' : tool}`

function toCurve(series: HistorySeries, index: number): Curve {
  return {
    id: `series-${index}`,
    title: titleOf(series),
    unit: series.isShare ? 'share' : 'ms',
    loads: series.values.map((_, run) => run + 1),
    isLogarithmic: false,
    series: [{ label: series.metric, color: series.isShare ? 'failed' : 'p95', values: series.values }],
    marks: series.changes.map((change) => ({ load: change.index + 1, label: describeStep(change, series) })),
    limits: [],
  }
}

function describeStep({ before, after }: HistoryChange, { isShare }: HistorySeries): string {
  return formatEffect(isShare ? after - before : after / before - 1, isShare)
}

interface Change {
  readonly one: HistorySeries
  readonly change: HistoryChange
}

const newestFirst = ({ series }: History): Change[] =>
  series
    .flatMap((one) => one.changes.map((change) => ({ one, change })))
    .toSorted((a, b) => b.change.index - a.change.index || Math.abs(stepOf(b)) - Math.abs(stepOf(a)))

const stepOf = ({ one, change }: Change): number =>
  one.isShare ? change.after - change.before : change.after / change.before - 1

function describeChanges(changes: readonly Change[]): string {
  const [newest] = changes
  if (newest === undefined) return 'no change of level was found.'
  const { one, change } = newest
  return `${changes.length} ${changes.length === 1 ? 'change' : 'changes'} of level. The newest: ${titleOf(one)} ${describeStep(change, one)}, from run ${change.index + 1} on.`
}

function renderHead(history: History): Html {
  const { name, runs } = history
  return html`<header class="masthead">
    <div class="topline">
      <p class="what"><b>${name}</b></p>
      ${renderThemeChoice()}
    </div>
    <h1>
      ${formatCount(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}, ${keepUnits(describeChanges(newestFirst(history)))}
    </h1>
    ${
      runs.length > 0 &&
      html`<p class="when">${formatStart(runs[0]?.startedAt ?? '')} to ${formatStart(runs.at(-1)?.startedAt ?? '')}</p>`
    }
  </header>`
}

function renderChanges(history: History): Html {
  const { runs } = history
  const rows = newestFirst(history)
  if (rows.length === 0) return html``
  return html`<section aria-labelledby="changes-title">
    <h2 id="changes-title">Changes of level, the newest first</h2>
    <div class="scroll" role="region" tabindex="0" aria-label="Changes of level">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            ${['Change', 'Before', 'From there on', 'From run', 'Began'].map(
              (title) => html`<th scope="col" class="number">${title}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(({ one, change }) => {
            const format = formatCurveValue[one.isShare ? 'share' : 'ms']
            return html`<tr>
              <th scope="row">${titleOf(one)}</th>
              <td class="number strong">${describeStep(change, one)}</td>
              <td class="number">${format(change.before)}</td>
              <td class="number">${format(change.after)}</td>
              <td class="number">${change.index + 1}</td>
              <td class="number">${formatStart(runs[change.index]?.startedAt ?? '')}</td>
            </tr>`
          })}
        </tbody>
      </table>
    </div>
  </section>`
}

function renderCurves(curves: readonly Curve[]): Html {
  const data = curves.map(({ id, unit, loads, series }) => ({
    id,
    loads,
    series: series.map(({ values }) => values.map((value) => (value === null ? '–' : formatCurveValue[unit](value)))),
  }))
  return html`<section aria-labelledby="curves-title">
    <h2 id="curves-title">From run to run</h2>
    <p class="note">
      Point at a plot, or focus it and use the arrow keys, to read it at each run. Dotted: a run from which on the level is
      another.
    </p>
    <div class="plots">${curves.map(renderCurve)}</div>
    ${inlineData('curve-data', data)}
  </section>`
}

function renderMethod(): Html {
  return html`<section aria-labelledby="method-title" class="method">
    <h2 id="method-title">How changes are found</h2>
    <dl>
      <dt>Method</dt>
      <dd>
        E-divisive (Matteson and James, 2014): a series is split where what lies left and right differs the most, as long as
        shuffling its runs makes as clear a split in one of a hundred at most. Where there are more than five series the more
        seldom, so that a page on which nothing changed shows a change one time in twenty at most. Latencies are compared by their
        ratio.
      </dd>
      <dt>What it does not say</dt>
      <dd>
        A change needs four runs on either side, so one of the last three runs is never one. A machine that was changed is a
        change too.
      </dd>
    </dl>
  </section>`
}
