import { CodedError } from '@squall/errors'
import { squallErrors } from '../../errors.ts'

/** An order is a mapping of single values and of lists of them. */
const mostLevels = 10

/**
 * What is nested without end can be read, and neither said again nor passed on.
 * @throws CodedError SQUALL_SERVE_BAD_REQUEST
 */
export function checkDepth(body: unknown): void {
  if (!isDeeper(body, mostLevels)) return
  const problems = [{ where: 'the body', expected: `at most ${mostLevels} levels of lists and objects` }]
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { problems })
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
