import { describeStep, formatInstant, formatInUnit } from '../../plots/describe-plot.ts'
import type { Plot, PlotSet } from '../../plots/plot.ts'
import { html, type Html } from '../html.ts'
import { inlineData } from '../inline.ts'

/** The run over time: a figure per plot that the page's script fills, each with its words, and one table of numbers for all. */
export function renderPlots(set: PlotSet): Html {
  if (set.seconds.length === 0)
    return html`<section>
      <h2>Over time</h2>
      <p>The run ended before its first second did.</p>
    </section>`
  return html`<section aria-labelledby="plots-title">
    <h2 id="plots-title">Over time</h2>
    <p class="note">
      ${describeStep(set.stepSeconds)}
      <span class="plots-help">
        Point at a plot, or focus it and use the arrow keys, to read all of them at that moment; drag across to look closer,
        double-click or press Escape to see everything again.
        <label class="switch"><input type="checkbox" id="log-scale" /> logarithmic times</label>
      </span>
    </p>
    ${set.bands.length > 0 && html`<p class="note">Shaded: ${listBands(set)}.</p>`}
    ${set.marks.length > 0 && html`<p class="note">Dotted: ${listMarks(set)}.</p>`}
    <div class="plots">${set.plots.map(renderPlot)}</div>
    ${renderNumbers(set)} ${inlineData('plot-data', set)}
  </section>`
}

function renderPlot({ id, title, description, unit }: Plot): Html {
  return html`<figure class="plot" id="plot-${id}">
    <figcaption>
      <h3>${title} ${unit === 'per-second' && html`<small>per second</small>`}</h3>
      <p>${description}</p>
    </figcaption>
    <div class="readout"></div>
    <div class="canvas"></div>
  </figure>`
}

/** A run that was steered all the time has more than a line can hold; a list of its own has them all. */
const mostMarks = 4

function listMarks({ marks }: PlotSet): string {
  const told = marks.slice(0, mostMarks).map(({ at, label }) => `${formatInstant(at)} ${label}`)
  return [...told, ...(marks.length > mostMarks ? [`and ${marks.length - mostMarks} more`] : [])].join('; ')
}

const listBands = ({ bands }: PlotSet): string =>
  bands.map(({ from, to, label }) => `${formatInstant(from)} to ${formatInstant(to)} ${label}`).join('; ')

/** As many rows as can be read. */
const mostRows = 30

function renderNumbers(set: PlotSet): Html {
  const every = Math.ceil(set.seconds.length / mostRows)
  const columns = set.plots.flatMap(({ title, unit, series }) =>
    series.map(({ label, values }) => ({ title, unit, label, values })),
  )
  const rows = set.seconds.flatMap((second, index) =>
    index % every === 0 ? [{ second, cells: columns.map(({ values, unit }) => ({ value: values[index] ?? null, unit })) }] : [],
  )
  return html`<details class="numbers">
    <summary>The plots as a table</summary>
    <div class="scroll" role="region" tabindex="0" aria-label="The plots as a table">
      <table>
        <caption>
          ${every === 1 ? 'Every point of the plots' : `One point of the plots in ${every}`}; summary.json has every second.
        </caption>
        <thead>
          <tr>
            <td></td>
            ${set.plots.map(({ title, series }) => html`<th scope="colgroup" colspan="${series.length}">${title}</th>`)}
          </tr>
          <tr>
            <th scope="col">Time</th>
            ${columns.map(({ label }) => html`<th scope="col" class="number">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ second, cells }) =>
              html`<tr>
                <th scope="row">${formatInstant(second)}</th>
                ${cells.map(({ value, unit }) => html`<td class="number">${value === null ? '–' : formatInUnit(value, unit)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}
