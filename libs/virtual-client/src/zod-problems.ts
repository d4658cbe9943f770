import { type Problem, nearestName } from '@squall/errors'
import { z } from 'zod'
import { ownMember } from './own-member.ts'

/**
 * What a schema found wrong, as problems with places below `where`.
 * @param schema the one that was not satisfied; known keys are read from it.
 */
export function toProblems(error: z.ZodError, schema: z.ZodType, input: unknown, where: string): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    const place = where + issue.path.map(toPlace).join('')
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(place, key, keysAt(schema, issue.path)))
    const value = issue.path.reduce(ownMember, input)
    return [{ where: place, ...(value !== undefined && { value }), expected: toExpected(issue.message) }]
  })
}

function unknownKey(place: string, key: string, known: readonly string[]): Problem {
  const nearest = nearestName(key, known)
  const expected = known.length === 0 ? 'no such key' : `one of the keys ${known.join(', ')}`
  return { where: `${place}.${key}`, expected, ...(nearest !== undefined && { hint: `perhaps ${nearest}` }) }
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let found: unknown = schema
  for (const segment of path) found = found instanceof z.ZodObject ? unwrap(found.shape[String(segment)]) : undefined
  return found instanceof z.ZodObject ? Object.keys(found.shape) : []
}

const unwrap = (schema: unknown): unknown => (schema instanceof z.ZodOptional ? schema.unwrap() : schema)

const toPlace = (segment: PropertyKey): string => (typeof segment === 'number' ? `[${segment}]` : `.${String(segment)}`)

/** Zod's own messages begin with a verdict and end with what it got; the problem says both elsewhere. */
function toExpected(message: string): string {
  return message.replace(/^(?:Invalid input|Too small|Too big|Invalid \w+): expected /, '').replace(/, received .*$/, '')
}
