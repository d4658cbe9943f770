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

/** The moments of a scenario at which Artillery lets others in. */
export const hookNames = ['beforeScenario', 'afterScenario', 'beforeRequest', 'afterResponse', 'onError'] as const
export type HookName = (typeof hookNames)[number]

/** Under the name of each hook stand names of functions in `config.processor`, put there by the user and by plugins. */
export interface Scenario extends Readonly<Partial<Record<HookName, string | readonly string[]>>> {
  readonly name?: string
  readonly weight?: number
  readonly mcp?: unknown
  readonly flow: unknown
}

/** One virtual user's state. Plugins keep notes of their own in it. */
export interface Context {
  vars: Record<string, unknown>
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

/** Artillery runs scenarios in worker threads, numbered from 1, each with an engine of its own; 0 in its main thread. */
export const workerNumber = (): number => Number(process.env['LOCAL_WORKER_ID'] ?? 0)
