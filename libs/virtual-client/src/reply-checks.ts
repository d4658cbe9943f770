import { isDeepStrictEqual } from 'node:util'
import type { Json } from '@squall/load-plan'
import type { JsonObject } from '@squall/mcp-wire'
import { z } from 'zod'
import { compileJsonPath, expectedJsonPath } from './json-path.ts'
import { replyText } from './reply-text.ts'
import type { TemplateScope } from './templates/template-scope.ts'
import { compileJson } from './templates/json-template.ts'
import { compileText } from './templates/text-template.ts'

/** Looks at a successful result; returns the error code of what it misses in it. */
export type ReplyCheck = (result: JsonObject, scope: TemplateScope) => 'match.failed' | 'capture.failed' | undefined

const expectedMatch = '{ json: PATH, value: VALUE }, { text: PART }, { regexp: PATTERN }, or a list of these'
const expectedCapture = '{ json: PATH, as: NAME }, { regexp: PATTERN, as: NAME }, or a list of these'
const variableName = 'a variable name of letters, digits, "_" and "-"'

const path = z.string().refine((text) => compileJsonPath(text) !== undefined, { error: expectedJsonPath })
const name = z.string({ error: variableName }).regex(/^(?!__proto__$)[A-Za-z_][\w-]*$/, { error: variableName })
const strict = z.boolean({ error: 'true or false' }).optional()
const pattern = {
  regexp: z.string().optional(),
  flags: z
    .string()
    .regex(/^[imsuv]*$/, { error: 'flags of a regular expression: i, m, s, u, v' })
    .optional(),
  group: z.union([z.int().min(0), z.string().min(1)], { error: 'the number or the name of a group' }).optional(),
}
const oneOrMore = <T extends z.ZodType>(schema: T, error: string) => z.union([schema, z.array(schema)], { error })

const match = z
  .strictObject({ json: path.optional(), text: z.string().optional(), ...pattern, value: z.json().optional(), strict })
  .refine(({ json, text, regexp }) => countOf(json, text, regexp) === 1, { error: 'one of json, text and regexp' })
  .refine(({ json, value }) => json === undefined || value !== undefined, { error: 'a value beside json' })
  .refine(isPattern, { error: 'a regular expression', path: ['regexp'] })
  .refine(hasGroup, { error: 'a group that the expression has', path: ['group'] })
const capture = z
  .strictObject({ json: path.optional(), ...pattern, as: name, strict })
  .refine(({ json, regexp }) => countOf(json, regexp) === 1, { error: 'one of json and regexp' })
  .refine(isPattern, { error: 'a regular expression', path: ['regexp'] })
  .refine(hasGroup, { error: 'a group that the expression has', path: ['group'] })

export const matchKey = oneOrMore(match, expectedMatch)
export const captureKey = oneOrMore(capture, expectedCapture)

/** The keys of a call that look at its answer. */
export const replyCheckKeys = { match: matchKey.optional(), capture: captureKey.optional() }

type Match = z.output<typeof match>
type Capture = z.output<typeof capture>

/** Compiles `match` and `capture`, in this order: nothing is captured from an answer that does not match. */
export function compileReplyChecks(keys: {
  readonly match?: Match | Match[] | undefined
  readonly capture?: Capture | Capture[] | undefined
}): readonly ReplyCheck[] {
  return [...compileMatches(keys.match ?? []), ...compileCaptures(keys.capture ?? [])]
}

export const compileMatches = (matches: Match | Match[]): readonly ReplyCheck[] => [matches].flat().map(compileMatch)

export const compileCaptures = (captures: Capture | Capture[]): readonly ReplyCheck[] => [captures].flat().map(compileCapture)

function compileMatch(wanted: Match): ReplyCheck {
  const holds = toTest(wanted)
  // As in Artillery, what is not strict is only looked at.
  if (wanted.strict === false) return () => undefined
  return (result, scope) => (holds(result, scope) ? undefined : 'match.failed')
}

function toTest({ json, text, value, ...found }: Match): (result: JsonObject, scope: TemplateScope) => boolean {
  if (text !== undefined) {
    const part = compileText(text)
    return (result, scope) => replyText(result).includes(part.render(scope))
  }
  const read = toReader({ json, ...found })
  if (value === undefined) return (result) => read(result) !== undefined
  const wanted = compileJson(value)
  // Nearly all that is looked for is a plain value, known beforehand.
  if (wanted.fixed !== undefined && (typeof value !== 'object' || value === null))
    return (result) => (read(result) ?? absent(value)) === value
  return (result, scope) => sameJson(read(result), wanted.render(scope))
}

function compileCapture({ as, strict: isStrict = true, ...place }: Capture): ReplyCheck {
  const read = toReader(place)
  return (result, { variables }) => {
    const found = read(result)
    if (found === undefined) return isStrict ? 'capture.failed' : undefined
    // The answer was parsed from JSON, so every part of it is JSON.
    variables[as] = found as Json
    return undefined
  }
}

type Place = Pick<Match, 'json' | 'regexp' | 'flags' | 'group'>

function toReader({ json, regexp = '', flags = '', group = 0 }: Place): (result: JsonObject) => unknown {
  if (json !== undefined) return compilePath(json)
  const expression = new RegExp(regexp, flags)
  return (result) => {
    const found = expression.exec(replyText(result))
    return typeof group === 'number' ? found?.[group] : found?.groups?.[group]
  }
}

function compilePath(json: string): (root: unknown) => unknown {
  const read = compileJsonPath(json)
  if (!read) throw new TypeError(`${json}: expected ${expectedJsonPath}`)
  return read
}

/** What stands for a missing value where one is looked for. */
const absent = (value: Json): Json | undefined => (value === false ? false : value === null ? null : undefined)

/** A missing flag counts as false, since servers leave out `isError` when nothing failed. */
function sameJson(found: unknown, wantedText: string): boolean {
  if (found === undefined) return wantedText === 'false'
  if (typeof found === 'object') return isDeepStrictEqual(found, JSON.parse(wantedText))
  return JSON.stringify(found) === wantedText
}

const countOf = (...keys: readonly unknown[]): number => keys.filter((key) => key !== undefined).length

/** A group that the expression does not have would never be found. */
function hasGroup({ regexp, flags = '', group }: PatternKeys): boolean {
  if (regexp === undefined || group === undefined || !isPattern({ regexp, flags })) return true
  // One that matches nothing but has all the groups.
  const groups = new RegExp(`${regexp}|`, flags).exec('')
  return typeof group === 'number' ? group < (groups?.length ?? 0) : Object.hasOwn(groups?.groups ?? {}, group)
}

interface PatternKeys {
  readonly regexp?: string | undefined
  readonly flags?: string | undefined
  readonly group?: number | string | undefined
}

function isPattern({ regexp = '', flags = '' }: PatternKeys): boolean {
  try {
    return new RegExp(regexp, flags).source !== ''
  } catch {
    return false
  }
}
