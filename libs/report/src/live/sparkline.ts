const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** The last `width` values as bars from zero to the highest of them. */
export function renderSparkline(values: readonly number[], width: number): string {
  const shown = width > 0 ? values.slice(-width) : []
  const highest = Math.max(...shown, 0)
  const barOf = (value: number): string => bars[highest === 0 ? 0 : Math.round((value / highest) * (bars.length - 1))] ?? ''
  return shown.map(barOf).join('')
}
