/** One thing wrong with somebody's input. */
export interface Problem {
  /** Where: a field (`config.squall.clients`), an option (`--clients`), or a place in a file (`pack.yml:12:5 config.squall.clients`). */
  readonly where: string
  /** The value found there, as the user wrote it; absent where something is missing, or is a secret. */
  readonly value?: unknown
  /** What would have been right, with the unit: `a whole number of at least 1`. */
  readonly expected: string
  /** How to mend it, where that says more than `expected`. */
  readonly hint?: string
}
