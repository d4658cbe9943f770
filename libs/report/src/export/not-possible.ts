import { CodedError } from '@squall/errors'
import { reportErrors } from '../errors.ts'

/** An export that cannot begin. */
export function notPossible(what: string, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CodedError(reportErrors.REPORT_EXPORT_NOT_POSSIBLE, { message: `${what}: ${reason}`, cause })
}
