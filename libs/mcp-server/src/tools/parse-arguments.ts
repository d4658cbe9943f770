import { CodedError, type Problem, nearestNames } from '@squall/errors'
import type { z } from 'zod'
import { mcpServerErrors } from '../errors.ts'

interface Definition<Input extends z.ZodObject> {
  readonly input: Input
  readonly missingArguments?: string
}

/**
 * Checks the arguments of a tool call. What is null or empty text counts as absent, as clients send both for arguments they
 * leave out; arguments whose names begin with an underscore are private notes of a client and are ignored.
 * @throws CodedError MCP_BAD_ARGUMENTS with every problem at once.
 */
export function parseArguments<Input extends z.ZodObject>(definition: Definition<Input>, args: unknown): z.output<Input> {
  const given = withoutAbsent(args)
  const parsed = definition.input.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => toProblems(issue, given, Object.keys(definition.input.shape)))
  const isMissing = problems.some(({ expected }) => expected === missing)
  throw CodedError.refusal(mcpServerErrors.MCP_BAD_ARGUMENTS, {
    message: (isMissing ? definition.missingArguments : undefined) ?? 'the arguments are not right',
    problems: problems.filter(({ expected }) => expected !== missing),
  })
}

const missing = 'a value, as it is required'

function withoutAbsent(args: unknown): Record<string, unknown> {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return {}
  return Object.fromEntries(Object.entries(args).filter(isGiven))
}

function isGiven([name, value]: [string, unknown]): boolean {
  return value !== null && value !== undefined && value !== '' && !name.startsWith('_')
}

function toProblems(issue: z.core.$ZodIssue, given: Record<string, unknown>, known: readonly string[]): Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownArgument(key, known))
  const where = issue.path.join('.')
  const value = issue.path.reduce<unknown>(valueAt, given)
  if (value !== undefined) return [{ where, value, expected: issue.message }]
  // What a tool itself objects to is not simply missing.
  return [{ where, expected: issue.code === 'custom' ? issue.message : missing }]
}

function valueAt(outer: unknown, key: PropertyKey): unknown {
  // Any key of an object may be looked up; what is not there is undefined.
  return typeof outer === 'object' && outer !== null ? (outer as Record<PropertyKey, unknown>)[key] : undefined
}

function unknownArgument(where: string, known: readonly string[]): Problem {
  const [nearest] = nearestNames(where, known)
  if (nearest !== undefined) return { where, expected: `no such argument; did you mean ${nearest}?` }
  return { where, expected: known.length === 0 ? 'no arguments at all' : `one of the arguments ${known.join(', ')}` }
}
