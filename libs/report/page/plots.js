// Draws the plots from the data in the page: shared cursor, readouts, zoom, keyboard, light and dark.
/**
 * @typedef {{ label: string, color: string, values: (number | null)[] }} Series
 * @typedef {{ value: number, label: string }} Limit
 * @typedef {{ id: string, title: string, unit: string, isStacked: boolean, series: Series[], highest: number, limits: Limit[] }} Plot
 * @typedef {{ from: number, to: number, label: string }} Band
 * @typedef {{ seconds: number[], stepSeconds: number, bands: Band[], marks: { at: number, label: string }[], plots: Plot[] }} PlotSet
 * @typedef {{ plot: Plot, hidden: Set<string>, chart: uPlot, values: HTMLElement[], canvas: HTMLElement }} Drawn
 */
{
  const plotHeight = 196
  const printWidth = 660
  const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

  const source = document.getElementById('plot-data')
  const set = source
    ? /** @type {PlotSet} */ (JSON.parse(source.textContent))
    : { seconds: [], stepSeconds: 1, bands: [], marks: [], plots: [] }
  const logScale = /** @type {HTMLInputElement | null} */ (document.getElementById('log-scale'))
  /** @type {Drawn[]} */
  const drawn = []
  let isPrinting = false

  for (const plot of set.plots) start(plot)
  logScale?.addEventListener('change', redrawAll)
  addEventListener('themechange', redrawAll)
  addEventListener('beforeprint', () => print(true))
  addEventListener('afterprint', () => print(false))

  /** @param {Plot} plot */
  function start(plot) {
    const figure = document.getElementById(`plot-${plot.id}`)
    const canvas = /** @type {HTMLElement | null} */ (figure?.querySelector('.canvas'))
    const readout = /** @type {HTMLElement | null} */ (figure?.querySelector('.readout'))
    if (!canvas || !readout) return
    const hidden = /** @type {Set<string>} */ (new Set())
    const values = plot.series.map((series) => addReadout(readout, series, hidden, () => redraw(entry)))
    /** @type {Drawn} */
    const entry = { plot, hidden, canvas, values, chart: draw(plot, hidden, canvas) }
    drawn.push(entry)
    makeKeyboardUsable(entry)
    new ResizeObserver(() => fit(entry)).observe(canvas)
  }

  /**
   * A button that names a series, shows its value under the cursor, and hides or shows it.
   * @param {HTMLElement} readout @param {Series} series @param {Set<string>} hidden @param {() => void} onToggle
   */
  function addReadout(readout, { label, color }, hidden, onToggle) {
    const button = document.createElement('button')
    button.type = 'button'
    button.setAttribute('aria-pressed', 'true')
    const swatch = document.createElement('i')
    swatch.className = `swatch ${color}`
    const name = document.createElement('span')
    name.textContent = label
    name.title = label
    const value = document.createElement('b')
    button.append(swatch, name, value)
    button.addEventListener('click', () => {
      if (!hidden.delete(label)) hidden.add(label)
      button.setAttribute('aria-pressed', String(!hidden.has(label)))
      onToggle()
    })
    readout.append(button)
    return value
  }

  /** @param {Plot} plot @param {Set<string>} hidden @param {HTMLElement} canvas */
  function draw(plot, hidden, canvas) {
    const isLog = plot.unit === 'ms' && logScale?.checked === true
    const axis = { stroke: colorOf('var(--muted)'), grid: { stroke: colorOf('var(--grid)'), width: 1 }, ticks: { show: false } }
    const font = '12px system-ui, sans-serif'
    const visible = plot.series.filter(({ label }) => !hidden.has(label))
    // Parts of a whole are drawn from the top of the stack down, each over the one above it; of percentiles the lower wins.
    const order = plot.isStacked || plot.unit === 'ms' ? visible.toReversed() : visible
    /** @type {uPlot.Options} */
    const options = {
      width: widthOf(canvas),
      height: plotHeight,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'run', setSeries: false }, drag: { x: true, y: false }, points: { size: 7 }, y: false },
      scales: {
        x: { time: false, range: rangeOfTime },
        y: { distr: isLog ? 3 : 1, range: isLog ? rangeOfLog(plot) : [0, topOf(plot)] },
      },
      axes: [
        { ...axis, font, size: 34, gap: 9, space: 60, incrs: timeSteps, values: (_, splits) => splits.map(formatInstant) },
        {
          ...axis,
          font,
          size: 62,
          space: 34,
          grid: isLog ? { ...axis.grid, filter: wholeDecades } : axis.grid,
          values: (_, splits) => splits.map((value) => (value === null ? '' : format(value, plot.unit))),
        },
      ],
      series: [{}, ...order.map((series) => styleOf(series, plot))],
      hooks: { drawClear: [drawBands], draw: [(chart) => drawLimits(chart, plot)], setCursor: [showValues] },
    }
    const data = /** @type {uPlot.AlignedData} */ ([set.seconds, ...order.map((series) => drawnValues(plot, visible, series))])
    return new uPlot(options, data, canvas)
  }

  /** @param {uPlot} _ @param {number[]} splits */
  function wholeDecades(_, splits) {
    return splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null))
  }

  /** @param {Series} series @param {Plot} plot @returns {uPlot.Series} */
  function styleOf({ color }, { isStacked, unit }) {
    const stroke = colorOf(`var(--${color})`)
    const points = { show: false, filter: isolatedPoints, size: 4, stroke, fill: stroke }
    if (isStacked) return { stroke, width: 1, fill: colorOf(`color-mix(in srgb, var(--${color}) 62%, var(--surface))`), points }
    const fill = unit === 'ms' ? undefined : colorOf(`color-mix(in srgb, var(--${color}) 14%, transparent)`)
    return { stroke, width: color === 'p95' ? 2.25 : 1.5, ...(fill && { fill }), points }
  }

  /**
   * A value between two gaps has no line; it gets a dot.
   * @param {uPlot} chart @param {number} seriesIndex
   */
  function isolatedPoints(chart, seriesIndex) {
    const values = chart.data[seriesIndex] ?? []
    const isNone = (/** @type {number} */ index) => (values[index] ?? null) === null
    const alone = [...values.keys()].filter((index) => !isNone(index) && isNone(index - 1) && isNone(index + 1))
    return alone.length > 0 ? alone : null
  }

  /** @param {Plot} plot @param {Series[]} visible @param {Series} series */
  function drawnValues(plot, visible, series) {
    if (!plot.isStacked) return series.values
    const below = visible.slice(0, visible.indexOf(series) + 1)
    return series.values.map((value, index) =>
      value === null ? null : below.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
    )
  }

  /** @type {uPlot.Range.Function} */
  function rangeOfTime(_, low, high) {
    return low === high ? [low - 0.5, low + 0.5] : [low, high]
  }

  /** @param {Plot} plot */
  function topOf({ highest, unit }) {
    if (highest <= 0) return 1
    return unit === 'share' ? highest : highest * 1.06
  }

  /** @param {Plot} plot @returns {uPlot.Range.MinMax} */
  function rangeOfLog({ series, highest }) {
    const lowest = Math.min(
      ...series.flatMap(({ values }) => values.filter((value) => value !== null && value > 0)).map(Number),
      highest,
    )
    return lowest > 0 ? [10 ** Math.floor(Math.log10(lowest)), 10 ** Math.ceil(Math.log10(highest * 1.01))] : [1, 10]
  }

  /** @param {uPlot} chart */
  function drawBands(chart) {
    const { ctx, bbox } = chart
    ctx.save()
    ctx.fillStyle = colorOf('color-mix(in srgb, var(--warn) 16%, transparent)')
    for (const { from, to } of set.bands) {
      const left = Math.max(bbox.left, chart.valToPos(from, 'x', true))
      const right = Math.min(bbox.left + bbox.width, chart.valToPos(to, 'x', true))
      if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height)
    }
    ctx.strokeStyle = colorOf('var(--warn)')
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio])
    for (const { at } of set.marks) {
      const x = Math.round(chart.valToPos(at, 'x', true))
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.restore()
  }

  /** @param {uPlot} chart @param {Plot} plot */
  function drawLimits(chart, { limits }) {
    const { ctx, bbox } = chart
    const scale = devicePixelRatio
    ctx.save()
    ctx.strokeStyle = ctx.fillStyle = colorOf('var(--bad)')
    ctx.setLineDash([5 * scale, 4 * scale])
    ctx.font = `${11 * scale}px system-ui, sans-serif`
    ctx.textAlign = 'right'
    ctx.textBaseline = 'alphabetic'
    ctx.lineWidth = scale
    for (const { value, label } of limits) {
      const y = Math.round(chart.valToPos(value, 'y', true))
      if (y < bbox.top || y > bbox.top + bbox.height) continue
      ctx.beginPath()
      ctx.moveTo(bbox.left, y)
      ctx.lineTo(bbox.left + bbox.width, y)
      ctx.stroke()
      ctx.fillText(label, bbox.left + bbox.width - 4 * scale, y < bbox.top + 18 * scale ? y + 14 * scale : y - 5 * scale)
    }
    ctx.restore()
  }

  /** @param {uPlot} chart */
  function showValues(chart) {
    const entry = drawn.find((candidate) => candidate.chart === chart)
    const index = chart.cursor.idx
    if (!entry) return
    const { plot, values, canvas } = entry
    plot.series.forEach(({ values: numbers }, place) => {
      const value = index === null || index === undefined ? undefined : (numbers[index] ?? null)
      const element = values[place]
      if (element) element.textContent = value === undefined ? '' : value === null ? '–' : format(value, plot.unit)
    })
    if (index === null || index === undefined) return
    canvas.setAttribute('aria-valuenow', String(set.seconds[index]))
    const words = plot.series.map(({ label, values: numbers }) => `${label} ${wordsOf(numbers[index] ?? null, plot.unit)}`)
    canvas.setAttribute('aria-valuetext', `${formatInstant(set.seconds[index] ?? 0)}: ${words.join(', ')}`)
    canvas.dataset['moment'] = formatInstant(set.seconds[index] ?? 0)
  }

  /** @param {number | null} value @param {string} unit */
  function wordsOf(value, unit) {
    return value === null ? 'none' : format(value, unit)
  }

  /** The plot is a slider over the time of the run: arrow keys read it, moment by moment. @param {Drawn} entry */
  function makeKeyboardUsable(entry) {
    const { canvas, plot } = entry
    const last = set.seconds.length - 1
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'slider')
    canvas.setAttribute('aria-label', `${plot.title}, moment of the run`)
    canvas.setAttribute('aria-valuemin', String(set.seconds[0] ?? 0))
    canvas.setAttribute('aria-valuemax', String(set.seconds[last] ?? 0))
    canvas.setAttribute('aria-valuenow', String(set.seconds[0] ?? 0))
    canvas.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return showEverything()
      const next = nextIndex(event, entry.chart.cursor.idx ?? -1, last)
      if (next === undefined) return
      event.preventDefault()
      moveTo(Math.min(last, Math.max(0, next)))
    })
    canvas.addEventListener('dblclick', showEverything)
    canvas.addEventListener('blur', () => moveTo(undefined))
  }

  /** @param {KeyboardEvent} event @param {number} index @param {number} last @returns {number | undefined} */
  function nextIndex({ key, shiftKey }, index, last) {
    const step = shiftKey ? 10 : 1
    if (key === 'ArrowRight' || key === 'ArrowUp') return index + step
    if (key === 'ArrowLeft' || key === 'ArrowDown') return index - step
    if (key === 'PageUp') return index + 10
    if (key === 'PageDown') return index - 10
    if (key === 'Home') return 0
    return key === 'End' ? last : undefined
  }

  /** @param {number | undefined} index */
  function moveTo(index) {
    for (const { chart } of drawn) {
      const left = index === undefined ? -10 : chart.valToPos(set.seconds[index] ?? 0, 'x')
      chart.setCursor({ left, top: index === undefined ? -10 : 10 }, true)
    }
  }

  function showEverything() {
    const [first = 0] = set.seconds
    for (const { chart } of drawn) chart.setScale('x', { min: first, max: set.seconds.at(-1) ?? first })
  }

  /** @param {Drawn} entry */
  function redraw(entry) {
    const { min, max } = entry.chart.scales['x'] ?? {}
    entry.chart.destroy()
    entry.chart = draw(entry.plot, entry.hidden, entry.canvas)
    if (typeof min === 'number' && typeof max === 'number') entry.chart.setScale('x', { min, max })
  }

  function redrawAll() {
    for (const entry of drawn) redraw(entry)
  }

  /** @param {Drawn} entry */
  function fit({ chart, canvas }) {
    const width = widthOf(canvas)
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: plotHeight })
  }

  /** @param {boolean} isNow */
  function print(isNow) {
    isPrinting = isNow
    for (const entry of drawn) fit(entry)
  }

  /** @param {HTMLElement} canvas */
  function widthOf(canvas) {
    return isPrinting ? printWidth : Math.floor(canvas.clientWidth)
  }

  /** A colour as a canvas understands it: variables and light or dark resolved. @param {string} css */
  function colorOf(css) {
    const probe = document.createElement('i')
    probe.style.color = css
    document.body.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }

  /** @param {number} value @param {string} unit */
  function format(value, unit) {
    if (unit === 'share') return `${Math.round(value * 100)} %`
    if (unit === 'ms') return formatMs(value)
    return value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2)
  }

  /** @param {number} ms */
  function formatMs(ms) {
    if (ms >= 1000) return `${Number((ms / 1000).toPrecision(3))} s`
    return ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${Number(ms.toPrecision(2))} ms`
  }

  /** @param {number} value */
  function twoDigits(value) {
    return String(Math.floor(value)).padStart(2, '0')
  }

  /** @param {number} second */
  function formatInstant(second) {
    const minutes = Math.floor(second / 60) % 60
    const hours = Math.floor(second / 3600)
    return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(second % 60)}` : `${minutes}:${twoDigits(second % 60)}`
  }
}
