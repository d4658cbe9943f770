import { html, type Html } from '../html/html.ts'
import { formatCurveValue, type Curve, type CurveSeries } from './curve.ts'
import { niceTicks } from './nice-ticks.ts'
import { placeLabels } from './place-labels.ts'

/** Units of the drawing: about pixels on a phone, more on a screen. */
const size = { width: 420, height: 243, left: 56, right: 14, top: 31, bottom: 26 } as const

interface Frame {
  readonly x: (load: number) => number
  readonly y: (value: number) => number
  readonly top: number
}

/** A curve as a drawing that reads without a script; the script adds a cursor. */
export function renderCurve(curve: Curve): Html {
  const { id, title, unit, series, loads } = curve
  const frame = frameOf(curve)
  return html`<figure class="plot curve" id="curve-${id}" data-curve="${id}">
    <figcaption>
      <h3>${title} ${unit === 'per-second' && html`<small>per second</small>`}</h3>
    </figcaption>
    <div class="readout">
      ${series.map(({ label, color }) => html`<p><i class="swatch ${color}"></i><span>${label}</span> <b></b></p>`)}
    </div>
    <svg
      viewBox="0 0 ${size.width} ${size.height}"
      role="img"
      tabindex="0"
      aria-label="${describe(curve)}"
      data-x="${loads.map((load) => frame.x(load).toFixed(1)).join(' ')}"
    >
      ${renderAxes(curve, frame)} ${renderMarks(curve, frame)} ${series.map((one) => renderSeries(one, curve, frame))}
      <line class="cursor" x1="0" x2="0" y1="${size.top}" y2="${size.height - size.bottom}" visibility="hidden" />
    </svg>
  </figure>`
}

/** Loads double from level to level, so they stand on a logarithmic axis; limits far above what was measured do not press it flat. */
function frameOf({ loads, series, limits, isLogarithmic }: Curve): Frame {
  const values = series.flatMap((one) => one.values.flatMap((value) => value ?? []))
  const highest = Math.max(...values, 1e-9)
  const near = limits.map(({ value }) => value).filter((value) => value <= highest * 4)
  const ticks = niceTicks(Math.max(highest, ...near))
  const top = ticks.at(-1) ?? 1
  const [first = 1, last = 1] = [loads[0], loads.at(-1)]
  const width = size.width - size.left - size.right
  const height = size.height - size.top - size.bottom
  const along = isLogarithmic ? (load: number) => Math.log(load / first) : (load: number) => load - first
  const spread = along(last)
  return {
    x: (load) => size.left + (spread === 0 ? width / 2 : (along(load) / spread) * width),
    y: (value) => size.height - size.bottom - (Math.min(value, top) / top) * height,
    top,
  }
}

function renderAxes({ loads, unit, limits }: Curve, { x, y, top }: Frame): Html {
  const right = size.width - size.right
  return html`<g class="axes">
    ${niceTicks(top).map(
      (tick) =>
        html`<line x1="${size.left}" x2="${right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" /><text
            x="${size.left - 6}"
            y="${(y(tick) + 4).toFixed(1)}"
            text-anchor="end"
            >${formatCurveValue[unit](tick)}</text
          >`,
    )}
    ${spacedLoads(loads, x).map(
      (load) => html`<text x="${x(load).toFixed(1)}" y="${size.height - 8}" text-anchor="middle">${formatTick(load)}</text>`,
    )}
    ${limits
      .filter(({ value }) => value <= top)
      .map(
        ({ value, label }) =>
          html`<line class="limit" x1="${size.left}" x2="${right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" /><text
              class="limit"
              x="${size.left + 4}"
              y="${(y(value) - 4).toFixed(1)}"
              >${label}</text
            >`,
      )}
  </g>`
}

/** As many loads as can stand side by side; of those too near to each other the first. */
function spacedLoads(loads: readonly number[], x: Frame['x']): number[] {
  const shown: number[] = []
  for (const load of loads) {
    const before = shown.at(-1)
    if (before === undefined || x(load) - x(before) >= roomOf(before) / 2 + roomOf(load) / 2) shown.push(load)
  }
  return shown
}

/** A figure of the drawing's type on a phone, and the gap to the next. */
const roomOf = (load: number): number => formatTick(load).length * 8 + 10

const formatTick = (load: number): string => String(Number(load.toPrecision(4)))

/** More points than this are a band, not points. */
const mostPoints = 120

function renderMarks({ marks }: Curve, { x }: Frame): Html[] {
  const places = placeLabels(
    marks.map(({ load, label }) => ({ x: x(load), label })),
    { left: size.left, right: size.width, top: 11 },
  )
  return marks.map(({ load, label }, index) => {
    const at = x(load).toFixed(1)
    const place = places[index]
    return html`<g class="mark"
      ><line x1="${at}" x2="${at}" y1="${size.top}" y2="${size.height - size.bottom}" />${
        place && html`<text x="${place.x.toFixed(1)}" y="${place.y}" text-anchor="${place.anchor}">${label}</text>`
      }</g
    >`
  })
}

function renderSeries({ values, color, isLaw }: CurveSeries, { loads }: Curve, { x, y }: Frame): Html {
  const points = loads.flatMap((load, index) => {
    const value = values[index]
    return value === null || value === undefined ? [] : [`${x(load).toFixed(1)},${y(value).toFixed(1)}`]
  })
  return html`<g class="series ${color}"
    ><polyline class="${isLaw === true ? 'law' : 'measured'}" points="${points.join(' ')}" />${
      isLaw !== true &&
      points.length <= mostPoints &&
      points.map((point) => {
        const [cx = '', cy = ''] = point.split(',')
        return html`<circle cx="${cx}" cy="${cy}" r="2.6" />`
      })
    }</g
  >`
}

function describe({ title, unit, loads, series }: Curve): string {
  const ends = series
    .filter(({ isLaw }) => isLaw !== true)
    .map(({ label, values }) => {
      const [first, last] = [values.find((value) => value !== null), values.findLast((value) => value !== null)]
      return `${label} from ${formatCurveValue[unit](first ?? 0)} to ${formatCurveValue[unit](last ?? 0)}`
    })
  return `${title} from a load of ${loads[0] ?? 0} to ${loads.at(-1) ?? 0}: ${ends.join(', ')}. Arrow keys read each load.`
}
