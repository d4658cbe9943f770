import type { ExitCode } from './exit-codes.ts'

/** One kind of error: what happened, how to mend it, and what the program's exit status becomes when nobody handles it. */
export interface ErrorDefinition {
  /** Stable, upper case, prefixed with the library: `PACK_UNKNOWN_KEY`. A retired code is never used again. */
  readonly code: string
  /** One sentence for `docs/errors.md`: when this error occurs. */
  readonly summary: string
  /** What the reader can do about it. */
  readonly hint: string
  readonly exitCode: ExitCode
}

type Definitions = Readonly<Record<string, Omit<ErrorDefinition, 'code'>>>

/**
 * Declares all errors of one library, keyed by their codes.
 * Every library exports its catalogue from `errors.ts`, where the test of `docs/errors.md` finds it.
 */
export function defineErrors<const D extends Definitions>(definitions: D): { readonly [K in keyof D]: ErrorDefinition } {
  const entries = Object.entries(definitions).map(([code, definition]) => [code, Object.freeze({ code, ...definition })])
  // Object.fromEntries forgets the keys; they are those of `definitions` by construction.
  return Object.freeze(Object.fromEntries(entries)) as { readonly [K in keyof D]: ErrorDefinition }
}
