import { keepsSlo, type MeasuredLevel } from './measured-level.ts'

export interface SearchOptions {
  /** No load below this is tried. */
  readonly least: number
  /** The first load tried; the least unless given. */
  readonly start?: number
  /** No load beyond this is tried. */
  readonly most: number
  /** Loads are multiples of this: 1 for clients. */
  readonly step: number
  /** The search ends once the loads that keep and that break the SLO are as near as this share of the load; 0.05 unless given. */
  readonly resolution?: number
}

/** What a search asks for next, or what it found. */
export type SearchMove =
  /** Measure a load: shortly, or over the long window that confirms it. */
  | { readonly type: 'measure' | 'confirm'; readonly load: number }
  /** The highest load that keeps the SLO, and the lowest known to break it; none where even the most that may be tried keeps it. */
  | { readonly type: 'found'; readonly load: number; readonly broken: MeasuredLevel | undefined }
  /** Even the least load breaks the SLO. */
  | { readonly type: 'none'; readonly broken: MeasuredLevel }

/** One answer of the target, in the order of asking. */
export interface SearchStep {
  readonly type: 'measure' | 'confirm'
  readonly level: MeasuredLevel
}

/** A found load is measured so often over the long window, and has to keep the SLO each time. */
const confirmations = 2

/**
 * What to measure next to find the highest load that keeps an SLO: doubling until it breaks, then halving the gap, then confirming what was
 * found; where that fails, the load counts as broken and the gap below it is halved again.
 * @param steps all that was measured so far. The same steps give the same move.
 */
export function nextMove(steps: readonly SearchStep[], options: SearchOptions): SearchMove {
  const { kept, broken } = boundsOf(steps)
  const least = onGrid(options.least, options)
  if (kept === undefined) {
    if (broken === undefined) return { type: 'measure', load: Math.min(onGrid(options.start ?? least, options), options.most) }
    if (broken.load <= least) return { type: 'none', broken }
    return { type: 'measure', load: between(0, broken.load, options) }
  }
  const isClose = broken !== undefined && broken.load - kept <= gapOf(kept, options)
  if (broken === undefined && kept < options.most)
    return { type: 'measure', load: Math.min(onGrid(kept * 2, options), options.most) }
  if (broken !== undefined && !isClose) return { type: 'measure', load: between(kept, broken.load, options) }
  const confirmed = steps.filter(({ type, level }) => type === 'confirm' && level.load === kept).length
  return confirmed < confirmations ? { type: 'confirm', load: kept } : { type: 'found', load: kept, broken }
}

/** The highest load that kept the SLO below the lowest that broke it. A load that did both broke it. */
function boundsOf(steps: readonly SearchStep[]): {
  readonly kept: number | undefined
  readonly broken: MeasuredLevel | undefined
} {
  const levels = steps.map(({ level }) => level)
  const broken = levels
    .filter((level) => !keepsSlo(level))
    .reduce<MeasuredLevel | undefined>(
      (lowest, level) => (lowest === undefined || level.load < lowest.load ? level : lowest),
      undefined,
    )
  const kept = levels.filter((level) => keepsSlo(level) && level.load < (broken?.load ?? Number.POSITIVE_INFINITY))
  return { kept: kept.length === 0 ? undefined : Math.max(...kept.map(({ load }) => load)), broken }
}

const gapOf = (kept: number, { step, resolution = 0.05 }: SearchOptions): number => Math.max(step, kept * resolution) * (1 + 1e-9)

/** The middle, on the grid and strictly inside where the grid has a place there. */
function between(low: number, high: number, options: SearchOptions): number {
  const middle = onGrid((low + high) / 2, options)
  return middle >= high ? middle - options.step : middle
}

/** The nearest multiple of the step that is no less than the least load. */
function onGrid(load: number, { step, least }: Pick<SearchOptions, 'step' | 'least'>): number {
  const nearest = Math.round(load / step) * step
  // Sums of fractions of a step drift by less than this.
  return Number(Math.max(least, nearest).toPrecision(12))
}
