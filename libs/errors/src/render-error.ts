import { CodedError } from './coded-error.ts'
import type { Problem } from './problem.ts'

/** Renders an error for a person: what happened, all problems, how to mend it, the code. Never a stack trace. */
export function renderError(error: unknown): string {
  if (!(error instanceof CodedError)) return `internal error: ${error instanceof Error ? error.message : String(error)}`
  const lines = [`error: ${error.message}`, ...error.problems.map(renderProblem), `hint: ${error.hint}`]
  return `${lines.join('\n')} [${error.code}]`
}

function renderProblem({ where, value, expected, hint }: Problem): string {
  const found = value === undefined ? '' : `found ${renderValue(value)}, `
  return `  ${where}: ${found}expected ${expected}${hint === undefined ? '' : ` (${hint})`}`
}

const longestValue = 80

/** A value as a person may be shown it, in a line. */
export function renderValue(value: unknown): string {
  // JSON knows no NaN and no infinity.
  const text = typeof value === 'number' ? String(value) : toJson(value)
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch (error) {
    // Of what is nested deeper than the stack is high.
    if (error instanceof RangeError) return 'what is nested too deeply'
    throw error
  }
}
