import type { Problem } from '@squall/errors'
import { nearestName } from '@squall/errors'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** Something that keeps arguments from fitting a tool's schema. */
export interface ArgumentProblem extends Omit<Problem, 'where'> {
  /** The way to the argument: `['filter', 'limit']`. */
  readonly path: readonly string[]
}

export type CheckArguments = (args: unknown) => readonly ArgumentProblem[]

/**
 * A check of arguments against a tool's own input schema. What a template puts in at run time is taken to be right.
 * @throws Error where the schema itself cannot be used, in the words of its compiler.
 */
export function compileArgumentCheck(inputSchema: Readonly<Record<string, unknown>>): CheckArguments {
  const validate = compile(inputSchema)
  return (args) => {
    if (validate(args)) return []
    const untold = templatesIn(args, '')
    const [open, closed] = partition(validate.errors ?? [], (error) => dependsOnTemplate(error, untold))
    // What the ways of an open choice say is as open as the choice.
    const isWithinOpen = ({ schemaPath }: ErrorObject): boolean =>
      open.some((choice) => schemaPath.startsWith(`${choice.schemaPath}/`))
    return closed.filter((error) => isOwnProblem(error) && !isWithinOpen(error)).map((error) => toProblem(error, args))
  }
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))]
}

const options = { strict: false, allErrors: true, verbose: true, logger: false } as const

/** Tools follow JSON Schema 2020-12 unless they name another draft. Nothing is fetched. */
function compile(inputSchema: Readonly<Record<string, unknown>>): ValidateFunction {
  const { $schema, $id: _, ...schema } = inputSchema
  const isOlder = typeof $schema === 'string' && /draft-0[4-7]/.test($schema)
  const ajv = isOlder ? new Ajv(options) : new Ajv2020(options)
  addFormats.default(ajv)
  return ajv.compile(schema)
}

/** Where templates stand, as JSON pointers. */
function templatesIn(value: unknown, pointer: string): string[] {
  if (typeof value === 'string') return value.includes('{{') ? [pointer] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => templatesIn(member, `${pointer}/${escapeKey(key)}`))
}

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescapeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

const choices = new Set(['anyOf', 'oneOf', 'not', 'if', 'const', 'enum'])

/** A template's own place, and a choice that may go one way or the other by what the template becomes. */
function dependsOnTemplate({ instancePath, keyword }: ErrorObject, untold: readonly string[]): boolean {
  return untold.some((place) => place === instancePath || (choices.has(keyword) && place.startsWith(`${instancePath}/`)))
}

/** `if` and the like only repeat what their parts say. */
const isOwnProblem = ({ keyword }: ErrorObject): boolean => keyword !== 'if'

function toProblem(error: ErrorObject, args: unknown): ArgumentProblem {
  const path = error.instancePath.split('/').slice(1).map(unescapeKey)
  // Each keyword has parameters of its own, named by the validator.
  const params = error.params as Readonly<Record<string, unknown>>
  const value = path.length === 0 ? undefined : valueAt(args, path)
  const found = value === undefined ? {} : { value }
  switch (error.keyword) {
    case 'required':
      return { path: [...path, String(params['missingProperty'])], expected: 'a value: the tool requires it' }
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownArgument(error, path, params)
    case 'enum':
      return {
        path,
        ...found,
        expected: `one of ${(params['allowedValues'] as unknown[]).map((one) => JSON.stringify(one)).join(', ')}`,
      }
    case 'type':
      return { path, ...found, expected: `a value of type ${[params['type']].flat().join(' or ')}` }
    default:
      return { path, ...found, expected: `what the tool's schema says: it ${error.message ?? error.keyword}` }
  }
}

function unknownArgument(
  { parentSchema }: ErrorObject,
  path: string[],
  params: Readonly<Record<string, unknown>>,
): ArgumentProblem {
  const name = String(params['additionalProperty'] ?? params['unevaluatedProperty'])
  const { properties } = (parentSchema ?? {}) as { readonly properties?: object }
  const known = Object.keys(properties ?? {})
  const nearest = nearestName(name, known)
  const expected = known.length === 0 ? 'no arguments' : `one of the arguments ${known.join(', ')}`
  return { path: [...path, name], expected, ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }) }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined),
    value,
  )
}
