/** What a person sees of a run under way. */
export interface LiveState {
  readonly pack: string
  readonly target: string
  /** What the run is doing, in a word or two: `starting`, `warming up`, `running`, `finishing calls`. */
  readonly phase: string
  readonly elapsedSeconds: number
  readonly durationSeconds: number
  readonly clients: number
  /** Of the last second. */
  readonly callsPerSecond: number
  /** Response times of the last seconds in milliseconds; null before the first call was answered. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  /** `tools/call` since the start. */
  readonly ok: number
  readonly failed: number
  /** Failures of all methods since the start, by code. */
  readonly failuresByKind: Readonly<Record<string, number>>
  readonly tools: readonly LiveToolRow[]
  readonly droppedStarts: number
  /** Share of one core the busiest generator process used in the last second, 0 to 1. */
  readonly generatorCpu: number
  /** The machines that make the load, where they are not this one. */
  readonly agents?: readonly LiveAgentRow[]
}

export interface LiveAgentRow {
  readonly agent: string
  /** How many generators it runs at once. */
  readonly workers: number
  readonly cores: number
  /** How many of the run's equal shares it makes now, and which part of the whole these are, 0 to 1. */
  readonly shares: number
  readonly shareOfLoad: number
  /** What its generators used in the last second, in cores. */
  readonly coresUsed: number
  /** How late calls were started in the last second, at the 99th percentile of its worst generator; null without a share. */
  readonly lagMs: number | null
  /** What it does, in a word or two: `working`, `waiting`, `silent for 7 s`, `gone`. */
  readonly state: string
}

export interface LiveToolRow {
  readonly tool: string
  readonly calls: number
  readonly failed: number
  readonly callsPerSecond: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Shows a run under way: redrawn in place on a terminal, line by line elsewhere. */
export interface LiveView {
  /** Shows a newer state; to be called about once per second. */
  update(state: LiveState): void
  /** Says one thing, above the changing part. */
  message(text: string): void
  /** Ends the view and leaves the terminal as it was found. Harmless when called again. */
  finish(): void
  /** Says at the bottom of the changing part what a user may do, such as which keys steer the run. */
  hint(text: string): void
}

export interface LiveViewOptions {
  readonly stream: { write(text: string): unknown }
  readonly isTerminal: boolean
  /** Width of the terminal; asked anew for every frame. */
  readonly columns: () => number
  /** Height of the terminal; asked anew for every frame. */
  readonly rows?: () => number
  readonly color: boolean
  /** Messages alone, no progress. */
  readonly quiet?: boolean
}
