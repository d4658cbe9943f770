// Reads the curves at the load under the pointer, the finger or the arrow keys.
/** @typedef {{ id: string, loads: number[], series: string[][] }} CurveData */
{
  const source = document.getElementById('curve-data')
  const curves = source ? /** @type {CurveData[]} */ (JSON.parse(source.textContent)) : []

  for (const { id, loads, series } of curves) {
    const figure = document.getElementById(`curve-${id}`)
    const drawing = /** @type {SVGSVGElement | null} */ (figure?.querySelector('svg'))
    const cursor = drawing?.querySelector('.cursor')
    const values = [...(figure?.querySelectorAll('.readout b') ?? [])]
    const places = (drawing?.dataset.x ?? '').split(' ').map(Number)
    let at = loads.length - 1
    // A drawing until the script is there; from now on something to move along.
    drawing?.setAttribute('role', 'slider')
    drawing?.setAttribute('aria-valuemin', '0')
    drawing?.setAttribute('aria-valuemax', String(loads.length - 1))
    const names = [...(figure?.querySelectorAll('.readout span') ?? [])].map(({ textContent }) => textContent)
    const tell = () => {
      drawing?.setAttribute('aria-valuenow', String(at))
      drawing?.setAttribute(
        'aria-valuetext',
        `${loads[at]}: ${series.map((texts, row) => `${names[row]} ${texts[at]}`).join(', ')}`,
      )
    }
    tell()

    /** @param {number} index */
    const show = (index) => {
      at = Math.min(loads.length - 1, Math.max(0, index))
      for (const [row, texts] of series.entries()) {
        const value = values[row]
        if (value) value.textContent = `${texts[at]} at ${loads[at]}`
      }
      tell()
      cursor?.setAttribute('x1', String(places[at]))
      cursor?.setAttribute('x2', String(places[at]))
      cursor?.setAttribute('visibility', 'visible')
    }

    /** @param {PointerEvent} event */
    const point = ({ clientX }) => {
      if (!drawing) return
      const { left, width } = drawing.getBoundingClientRect()
      const x = ((clientX - left) / width) * drawing.viewBox.baseVal.width
      const distances = places.map((place) => Math.abs(place - x))
      show(distances.indexOf(Math.min(...distances)))
    }
    // A tap of a finger moves nothing.
    drawing?.addEventListener('pointerdown', point)
    drawing?.addEventListener('pointermove', point)
    drawing?.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -loads.length, End: loads.length }[event.key]
      if (step === undefined) return
      event.preventDefault()
      show(at + step)
    })
    drawing?.addEventListener('focus', () => show(at))
  }
}
