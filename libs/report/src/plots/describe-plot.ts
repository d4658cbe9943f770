import { formatCount, formatMs, formatRate, formatShare } from '../format-number.ts'
import type { Plot, PlotSeries, PlotUnit } from './plot.ts'

/** A plot in words, for who cannot see it, and as a first reading for who can. */
export function describePlot(plot: Omit<Plot, 'description'>, seconds: readonly number[]): string {
  const curves = plot.isStacked && plot.series.length > 1 ? describeTotal(plot, seconds) : describeAll(plot, seconds)
  return [curves, ...plot.limits.map(({ value, label }) => `Dashed at ${formatInUnit(value, plot.unit)}: ${label}.`)].join(' ')
}

function describeAll({ series, unit }: Omit<Plot, 'description'>, seconds: readonly number[]): string {
  const sentences = series.flatMap((each) => describeSeries(each, unit, seconds))
  return sentences.length === 0 ? 'Nothing was measured.' : `${sentences.join('; ')}.`
}

/** A number of a plot with its unit. */
export function formatInUnit(value: number, unit: PlotUnit): string {
  if (unit === 'ms') return formatMs(value)
  if (unit === 'share') return formatShare(value)
  return unit === 'per-second' ? `${formatRate(value)}/s` : formatCount(value)
}

const twoDigits = (value: number): string => String(Math.floor(value)).padStart(2, '0')

/** An instant of a run: `0:34`, `1:02:03`. */
export function formatInstant(second: number): string {
  const minutes = Math.floor(second / 60) % 60
  return second < 3600
    ? `${minutes}:${twoDigits(second % 60)}`
    : `${Math.floor(second / 3600)}:${twoDigits(minutes)}:${twoDigits(second % 60)}`
}

function describeSeries({ label, values }: PlotSeries, unit: PlotUnit, seconds: readonly number[]): string[] {
  const range = rangeOf(values)
  if (!range) return []
  const [low, high] = [formatInUnit(range.low, unit), formatInUnit(range.high, unit)]
  if (low === high) return [`${label} ${low} throughout`]
  return [`${label} ${low} to ${high}, highest at ${formatInstant(seconds[range.highIndex] ?? 0)}`]
}

function describeTotal({ series, unit }: Omit<Plot, 'description'>, seconds: readonly number[]): string {
  const totals = seconds.map((_, index) => {
    const values = series.map(({ values }) => values[index] ?? null)
    return values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  })
  const range = rangeOf(totals)
  if (!range) return 'Nothing was measured.'
  const high = `${formatInUnit(range.high, unit)}, at ${formatInstant(seconds[range.highIndex] ?? 0)}`
  const sums = series.map(({ label, color, values }) => ({
    label,
    isRest: color === 'other',
    sum: values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
  }))
  const whole = sums.reduce((total, { sum }) => total + sum, 0)
  const largest = sums.filter(({ isRest }) => !isRest).toSorted((left, right) => right.sum - left.sum)[0]
  return `Together at most ${high}; the largest part is ${largest?.label ?? ''}, ${formatShare(whole > 0 ? (largest?.sum ?? 0) / whole : 0)} of all.`
}

function rangeOf(values: readonly (number | null)[]): { low: number; high: number; highIndex: number } | undefined {
  let range: { low: number; high: number; highIndex: number } | undefined
  values.forEach((value, index) => {
    if (value === null) return
    range ??= { low: value, high: value, highIndex: index }
    if (value > range.high) range = { low: range.low, high: value, highIndex: index }
    if (value < range.low) range = { ...range, low: value }
  })
  return range
}

/** What a point of the plots stands for. */
export function describeStep(stepSeconds: number): string {
  if (stepSeconds === 1) return 'One point per second.'
  return `One point per ${stepSeconds} seconds: the mean of counts, the worst second of times.`
}
