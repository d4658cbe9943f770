import { nearestName, type Problem } from '@squall/errors'
import { z } from 'zod'
import { ownMember } from './own-member.ts'

/** What did not satisfy a schema, and how its problems are told. */
export interface Unsatisfied {
  /** Known keys are read from it. */
  readonly schema: z.ZodType
  readonly input: unknown
  /** The place of a path within the input, for people. */
  readonly locate: (path: readonly PropertyKey[]) => string
  /** Whether the value there must not be shown; none unless given. */
  readonly isSecret?: (path: readonly PropertyKey[]) => boolean
}

/** What a schema found wrong, as problems a person can mend. */
export function toProblems(error: z.ZodError, { schema, input, locate, isSecret }: Unsatisfied): readonly Problem[] {
  return error.issues
    .flatMap((issue) => unfolded(issue, input))
    .flatMap((issue) => {
      const { path } = issue
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => unknownKey(locate([...path, key]), key, keysAt(schema, path)))
      const value = isSecret?.(path) === true ? undefined : path.reduce(ownMember, input)
      const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined
      const problem = { where: locate(path), ...(value !== undefined && { value }), expected: toExpected(issue.message) }
      return [typeof hint === 'string' ? { ...problem, hint } : problem]
    })
}

/** Of a mapping or a list that is one of several things, what is wrong with it as the one it was meant to be, if that is plain. */
function unfolded(issue: z.core.$ZodIssue, input: unknown): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || typeof issue.path.reduce(ownMember, input) !== 'object') return [issue]
  const [meant, another] = issue.errors.filter(
    (inner) => !inner.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  )
  if (meant === undefined || another !== undefined) return [issue]
  return meant.flatMap((inner) => unfolded({ ...inner, path: [...issue.path, ...inner.path] }, input))
}

/** A key that nobody reads, and the one that was most likely meant. */
export function unknownKey(where: string, key: string, known: readonly string[]): Problem {
  const nearest = nearestName(key, known)
  if (nearest !== undefined) return { where, expected: 'a known key', hint: `did you mean ${nearest}?` }
  return { where, expected: known.length === 0 ? 'no such key' : `one of the keys ${known.join(', ')}` }
}

/** The keys of the object schema that lies at a path within another. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const found = unwrapped(path.reduce<unknown>((outer, key) => memberSchema(unwrapped(outer), key), schema))
  const object = found instanceof z.ZodUnion ? found.options.find((option) => option instanceof z.ZodObject) : found
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

function memberSchema(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => memberSchema(unwrapped(option), key)).find(Boolean)
  if (schema instanceof z.ZodArray) return typeof key === 'number' ? schema.element : undefined
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodObject ? schema.shape[String(key)] : undefined
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return unwrapped(schema.unwrap())
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema
}

/** Zod's own messages begin with a verdict and end with what it got; the problem says both elsewhere. */
function toExpected(message: string): string {
  if (message === 'Invalid input') return 'a value that JSON knows'
  const [, type = ''] = /^Invalid input: expected (\w+), received /.exec(message) ?? []
  return (
    plainTypes.get(type) ??
    message.replace(/^(?:Invalid input|Too small|Too big|Invalid \w+): expected /, '').replace(/, received .*$/, '')
  )
}

const plainTypes: ReadonlyMap<string, string> = new Map([
  ['object', 'a mapping, such as {}'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
])
