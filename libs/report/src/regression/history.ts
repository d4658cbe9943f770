/** How the numbers of a pack changed from run to run. */
export interface History {
  readonly name: string
  readonly runs: readonly HistoryRun[]
  readonly series: readonly HistorySeries[]
}

export interface HistoryRun {
  readonly id: string
  /** ISO 8601. */
  readonly startedAt: string
}

export interface HistorySeries {
  /** `*` for all calls. */
  readonly tool: string
  readonly metric: string
  readonly isShare: boolean
  /** One for each run; null where a run has none. */
  readonly values: readonly (number | null)[]
  readonly changes: readonly HistoryChange[]
}

/** A run from which on a series keeps another level. */
export interface HistoryChange {
  /** Of the first run of the new level. */
  readonly index: number
  /** Medians of the level before and of the level from here on. */
  readonly before: number
  readonly after: number
  /** How often chance alone splits a series as clearly. */
  readonly pValue: number
}
