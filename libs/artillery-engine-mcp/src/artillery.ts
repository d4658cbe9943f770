// The part of Artillery's engine contract that this engine uses, as of 2.0.34; Artillery publishes no types for it.

/** A parsed script: everything is as the user wrote it, templates in `config` resolved. */
export interface Script {
  readonly config: {
    readonly target?: string
    readonly phases?: readonly unknown[]
    readonly mcp?: unknown
    readonly squall?: unknown
    /** Functions by name: the user's own, and those that plugins add. */
    readonly processor?: Readonly<Record<string, unknown>>
  }
  readonly scenarios: readonly Scenario[]
}

export interface Scenario {
  readonly name?: string
  readonly weight?: number
  readonly mcp?: unknown
  readonly flow: unknown
  /** Names of functions in `config.processor`, added by plugins. */
  readonly beforeRequest?: readonly string[]
  readonly afterResponse?: readonly string[]
  readonly onError?: readonly string[]
}

/** One virtual user's state. */
export interface Context {
  readonly vars: Record<string, unknown>
}

/** Where numbers and events of virtual users go. */
export interface Events {
  emit(event: 'counter' | 'histogram', name: string, value: number): void
  emit(event: 'started'): void
  emit(event: 'error', code: string): void
}

/** Runs one virtual user; calls back exactly once. */
export type RunUser = (context: Context, callback: (error: Error | null, context: Context) => void) => void

/** Proposes what `artillery` exits with; in a worker thread Artillery's own setter tells the main thread. */
export function suggestExitCode(code: number): void {
  const { artillery } = globalThis as { artillery?: { suggestedExitCode?: number } }
  if (artillery) artillery.suggestedExitCode = code
}
