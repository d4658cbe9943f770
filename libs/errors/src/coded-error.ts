import type { ErrorDefinition } from './catalogue.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Problem } from './problem.ts'

export interface CodedErrorDetails {
  /** What happened, with the values at hand; the catalogue's summary where nothing more is known. */
  readonly message?: string
  /** How to mend this very case, where more is known than the catalogue's hint. */
  readonly hint?: string
  /** Everything wrong with the input, not only the first thing. */
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
}

/** An error a person may read: a stable code, what happened, how to mend it, and the exit status it leads to. */
export class CodedError extends Error {
  override readonly name = 'CodedError'
  readonly code: string
  readonly hint: string
  readonly exitCode: ExitCode
  readonly problems: readonly Problem[]

  constructor(definition: ErrorDefinition, details: CodedErrorDetails = {}) {
    super(details.message ?? definition.summary, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = definition.code
    this.hint = details.hint ?? definition.hint
    this.exitCode = definition.exitCode
    this.problems = details.problems ?? []
  }

  /**
   * The same without a stack: for what callers get wrong all day long, where nobody looks for the fault in this program. Most of what an
   * error costs is its stack, and refusing must be the cheapest thing a busy server does.
   */
  static refusal(definition: ErrorDefinition, details?: CodedErrorDetails): CodedError {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    try {
      return new CodedError(definition, details)
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
  }
}
