/** Names of the page's colours, defined for light and dark in `report.css`. */
export type PlotColor = 'p50' | 'p95' | 'p99' | 'calls' | 'failed' | 'other' | `kind-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`

export type PlotUnit = 'ms' | 'per-second' | 'count' | 'share'

export interface PlotSeries {
  readonly label: string
  readonly color: PlotColor
  /** One value per instant of `PlotSet.seconds`; null where there is none, shown as a gap. */
  readonly values: readonly (number | null)[]
}

/** One plot over the time of the run, as plain data. */
export interface Plot {
  readonly id: string
  readonly title: string
  readonly unit: PlotUnit
  /** Whether the series are parts of a whole, drawn on top of each other. */
  readonly isStacked: boolean
  readonly series: readonly PlotSeries[]
  /** Top of the scale at least; shared by plots to be compared. */
  readonly highest: number
  /** Lines that should not be crossed, where they are near enough to be seen. */
  readonly limits: readonly PlotLimit[]
  /** The plot in words. */
  readonly description: string
}

/** A value in the plot's unit, and where it comes from. */
export interface PlotLimit {
  readonly value: number
  readonly label: string
}

/** A stretch of time that needs a reader's attention, in seconds; `to` is exclusive. */
export interface PlotBand {
  readonly from: number
  readonly to: number
  readonly label: string
}

/** An instant at which somebody or something changed the run. */
export interface PlotMark {
  readonly at: number
  readonly label: string
}

export interface PlotSet {
  /** Seconds since the start of the run; each stands for the `stepSeconds` from there. */
  readonly seconds: readonly number[]
  readonly stepSeconds: number
  readonly bands: readonly PlotBand[]
  readonly marks: readonly PlotMark[]
  readonly plots: readonly Plot[]
}
