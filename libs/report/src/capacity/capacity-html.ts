import { formatCount, formatDuration, formatShare } from '../format-number.ts'
import { html, type Html } from '../html/html.ts'
import { inlineData } from '../html/inline.ts'
import { readPlainAssets } from '../html/page-assets.ts'
import { renderPage } from '../html/page.ts'
import { formatStart, keepUnits, renderThemeChoice } from '../html/sections/page-head.ts'
import {
  boundName,
  capacityAnswers,
  capacityFigures,
  describeLaw,
  describeLittlesLaw,
  instancesFor,
  levelCells,
  levelsByLoad,
  levelTitles,
  loadTitle,
  type Fact,
} from './capacity-rows.ts'
import type { Capacity } from './capacity.ts'
import { formatCurveValue, toCurves, type Curve } from './curve.ts'
import { renderCurve } from './curve-svg.ts'

/** The capacity report as one page that needs nothing else. */
export async function renderCapacityHtml(capacity: Capacity): Promise<string> {
  const title = `Capacity of ${capacity.run.pack}: ${capacity.verdict} · Squall`
  const curves = toCurves(capacity)
  const sections = [
    renderHead(capacity),
    renderFacts(capacity),
    renderBound(capacity),
    renderCurves(capacity, curves),
    renderWhatIf(capacity),
    renderPools(capacity),
    renderLevels(capacity),
    renderMethod(capacity),
  ]
  return renderPage({ ...(await readPlainAssets('curves.js')), title, sections })
}

const verdictClass: Readonly<Record<Capacity['verdict'], string>> = {
  found: 'pass',
  'not-found': 'inconclusive',
  inconclusive: 'inconclusive',
}

function renderHead({ run, sentence, verdict, reasons, slo }: Capacity): Html {
  return html`<header class="masthead">
    <div class="topline">
      <p class="what"><b>${run.pack}</b> <span class="target">${run.target}</span></p>
      ${renderThemeChoice()}
    </div>
    <p class="verdict ${verdictClass[verdict]}"><b>${verdict}</b> <span>capacity at ${slo}</span></p>
    <h1>${keepUnits(sentence)}</h1>
    ${renderList(reasons, 'reasons')}
    <p class="when">
      <time datetime="${run.startedAt}">${formatStart(run.startedAt)}</time> · ${formatDuration(run.durationSeconds)} ·
      ${run.workers} ${run.workers === 1 ? 'generator' : 'generators'} · ${run.machine.cpuCount} × ${run.machine.cpuModel} ·
      Squall ${run.squallVersion}
    </p>
  </header>`
}

function renderFacts(capacity: Capacity): Html {
  const figures = capacityFigures(capacity)
  return html`<section aria-labelledby="figures-title">
    <h2 id="figures-title" class="unseen">Key figures</h2>
    ${renderFigures(capacityAnswers(capacity), 'figures answers')} ${figures.length > 0 && renderFigures(figures, 'figures')}
  </section>`
}

const renderFigures = (facts: readonly Fact[], name: string): Html =>
  html`<dl class="${name}">
    ${facts.map(
      ({ name, value, detail }) =>
        html`<div>
          <dt>${name}</dt>
          <dd class="value">${value}</dd>
          <dd class="detail">${detail}</dd>
        </div>`,
    )}
  </dl>`

function renderBound({ bound }: Capacity): Html {
  return html`<section aria-labelledby="bound-title">
    <h2 id="bound-title">What breaks first: ${boundName(bound.by)}</h2>
    ${renderList(bound.evidence, 'reasons')}
  </section>`
}

function renderCurves({ model }: Capacity, curves: readonly Curve[]): Html {
  const data = curves.map(({ id, unit, loads, series }) => ({
    id,
    loads,
    series: series.map(({ values }) => values.map((value) => (value === null ? '–' : formatCurveValue[unit](value)))),
  }))
  return html`<section aria-labelledby="curves-title">
    <h2 id="curves-title">By ${model === 'closed' ? 'number of clients' : 'arrivals a second'}</h2>
    <p class="note">
      Point at a plot, or focus it and use the arrow keys, to read it at each load. The axis of loads is logarithmic; dashed: what
      the SLO allows.
    </p>
    <div class="plots">${curves.map(renderCurve)}</div>
    ${inlineData('curve-data', data)}
  </section>`
}

function renderWhatIf({ whatIf }: Capacity): Html {
  if (whatIf.length === 0) return html``
  return html`<section aria-labelledby="what-if-title">
    <h2 id="what-if-title">What if</h2>
    ${renderTable(
      ['Clients', 'Headroom', 'Instances', 'Pool of each'],
      whatIf.map(({ clients, headroom, instances, poolSize }) => [
        formatCount(clients),
        formatShare(headroom),
        formatCount(instances),
        poolSize === null ? '–' : formatCount(poolSize),
      ]),
      'Instances for other numbers of clients',
    )}
  </section>`
}

function renderPools(capacity: Capacity): Html {
  const { pools, plan } = capacity
  if (pools.length === 0) return html``
  return html`<section aria-labelledby="pools-title">
    <h2 id="pools-title">With a larger pool</h2>
    <p class="note">
      The pool is the bound, so more connections carry more clients, in proportion, until something else gives way.
    </p>
    ${renderTable(
      ['Pool', 'Clients', 'Bound by', ...(plan === null ? [] : [`Instances for ${formatCount(plan.clients)}`])],
      pools.map(({ poolSize, clients, boundBy }) =>
        [formatCount(poolSize), formatCount(clients), boundName(boundBy)].concat(
          plan === null ? [] : instancesFor(capacity, clients),
        ),
      ),
      'What one instance would carry with larger pools',
    )}
  </section>`
}

function renderLevels(capacity: Capacity): Html {
  const rows = levelsByLoad(capacity).map((level) => levelCells(level, ' (confirmed)'))
  return html`<section aria-labelledby="levels-title">
    <h2 id="levels-title">Every load that was held</h2>
    ${renderTable([loadTitle(capacity.model), ...levelTitles], rows, 'Every load that was held')}
  </section>`
}

function renderTable(titles: readonly string[], rows: readonly (readonly string[])[], label: string): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${titles.map((title) => html`<th scope="col" class="number">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...rest]) =>
            html`<tr>
              <th scope="row" class="number">${first}</th>
              ${rest.map((cell) => html`<td class="number">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

const renderList = (lines: readonly string[], name: string): Html =>
  lines.length === 0
    ? html``
    : html`<ul class="${name}">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>`

function renderMethod(capacity: Capacity): Html {
  const littlesLaw = describeLittlesLaw(capacity)
  return html`<section aria-labelledby="method-title" class="method">
    <h2 id="method-title">How this was found, and what it does not say</h2>
    <dl>
      <dt>Search</dt>
      <dd>
        The load is doubled until the SLO breaks, then the gap is halved until it is small. What is found is held twice more, for
        longer, and has to keep the SLO both times.
        ${capacity.verdict === 'inconclusive' && html`<b>This search did not come so far.</b>`}
      </dd>
      <dt>Steady state</dt>
      <dd>
        Of each level the first seconds are left out, as many as make the rest the most level (MSER-5, of throughput and of
        response time). A level that never became level says so in the table.
      </dd>
      <dt>Confidence</dt>
      <dd>
        Each level is cut into windows of some seconds. Drawing them again at random a thousand times shows how far chance alone
        moves the load at which the SLO breaks; the gap the search left open is always inside the interval.
      </dd>
      <dt>Scalability law</dt>
      <dd>${describeLaw(capacity)}</dd>
      ${
        littlesLaw !== '' &&
        html`<dt>Little's law</dt>
          <dd>${littlesLaw}</dd>`
      }
      <dt>Assumptions</dt>
      <dd>${capacity.assumptions.join(' ')}</dd>
    </dl>
  </section>`
}
