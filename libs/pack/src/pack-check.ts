import { type Problem, nearestName } from '@squall/errors'
import { z } from 'zod'
import type { KeyPath } from './key-path.ts'

/** Collects everything wrong with a pack while its parts are read one by one. */
export class PackCheck {
  readonly #problems: Problem[] = []
  readonly #locate: (path: KeyPath) => string

  constructor(locate: (path: KeyPath) => string) {
    this.#locate = locate
  }

  get problems(): readonly Problem[] {
    return this.#problems
  }

  add(...problems: readonly Problem[]): void {
    this.#problems.push(...problems)
  }

  /** Notes a problem of a key in the pack. */
  at(path: KeyPath, problem: Omit<Problem, 'where'>): void {
    this.#problems.push({ where: this.#locate(path), ...problem })
  }

  /** Notes the keys of a mapping that nobody reads. */
  keys(mapping: Readonly<Record<string, unknown>>, known: readonly string[], path: KeyPath): void {
    for (const key of Object.keys(mapping))
      if (!known.includes(key)) this.add(unknownKey(this.#locate([...path, key]), key, known))
  }

  /** Reads a part of the pack; what is wrong with it is noted, and nothing returned. */
  read<T>(schema: z.ZodType<T>, value: unknown, path: KeyPath): T | undefined {
    return this.#parse(schema, value, (inner) => this.#locate([...path, ...inner]))
  }

  /** Reads a value that stands outside the pack. */
  readFrom<T>(schema: z.ZodType<T>, value: unknown, where: string): T | undefined {
    return this.#parse(schema, value, () => where)
  }

  #parse<T>(schema: z.ZodType<T>, value: unknown, locate: (path: KeyPath) => string): T | undefined {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) this.add(...toProblems(issue, schema, value, locate))
    return undefined
  }
}

function toProblems(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown, locate: (path: KeyPath) => string): Problem[] {
  // Plain data has no symbols for keys.
  const path = issue.path as KeyPath
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(locate([...path, key]), key, knownKeys(schema, path)))
  const value = path.reduce<unknown>(memberOf, input)
  const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined
  return [
    {
      where: locate(path),
      ...(value !== undefined && !isSecret(path) && { value }),
      expected: issue.message,
      ...(typeof hint === 'string' && { hint }),
    },
  ]
}

function unknownKey(where: string, key: string, known: readonly string[]): Problem {
  const nearest = nearestName(key, known)
  if (nearest === undefined) return { where, expected: `one of the keys ${known.join(', ')}` }
  return { where, expected: 'a known key', hint: `did you mean ${nearest}?` }
}

/** The keys of the object schema that lies at a path within another. */
function knownKeys(schema: unknown, path: KeyPath): string[] {
  let found = schema
  for (const key of path) found = memberSchema(unwrapped(found), key)
  const object = unwrapped(found)
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

function memberSchema(schema: unknown, key: string | number): unknown {
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodObject ? schema.shape[String(key)] : undefined
}

function unwrapped(schema: unknown): unknown {
  let inner = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodPipe)
    inner = inner instanceof z.ZodPipe ? inner.in : inner.unwrap()
  return inner
}

/** The text of a header may be a credential. */
const isSecret = (path: KeyPath): boolean => path.slice(0, -1).includes('headers')

function memberOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  // An own key of plain data.
  return (value as Record<string | number, unknown>)[key]
}
