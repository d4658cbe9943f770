import { isDeepStrictEqual } from 'node:util'
import type { Json } from '@squall/load-plan'
import type { JsonObject } from '@squall/mcp-wire'
import { z } from 'zod'
import { compileJsonPath, expectedJsonPath } from './json-path.ts'
import type { TemplateScope } from './templates/template-scope.ts'
import { compileJson } from './templates/json-template.ts'

/** Looks at a successful result; returns the error code of what it misses in it. */
export type ReplyCheck = (result: JsonObject, scope: TemplateScope) => 'match.failed' | 'capture.failed' | undefined

const path = z.string().refine((text) => compileJsonPath(text) !== undefined, { error: expectedJsonPath })
const expectedMatch = '{ json: PATH, value: VALUE }, or a list of these'
const expectedCapture = '{ json: PATH, as: NAME }, or a list of these'
const name = z.string().regex(/^[A-Za-z_][\w-]*$/, { error: 'a variable name of letters, digits, "_" and "-"' })
const oneOrMore = <T extends z.ZodType>(schema: T, error: string) => z.union([schema, z.array(schema)], { error })

const match = z.strictObject({ json: path, value: z.json() })
const capture = z.strictObject({ json: path, as: name })

/** The keys of a call that look at its answer. */
export const replyCheckKeys = {
  match: oneOrMore(match, expectedMatch).optional(),
  capture: oneOrMore(capture, expectedCapture).optional(),
}

type Match = z.output<typeof match>
type Capture = z.output<typeof capture>

/** Compiles `match` and `capture`, in this order: nothing is captured from an answer that does not match. */
export function compileReplyChecks(keys: {
  readonly match?: Match | Match[] | undefined
  readonly capture?: Capture | Capture[] | undefined
}): readonly ReplyCheck[] {
  return [...[keys.match ?? []].flat().map(compileMatch), ...[keys.capture ?? []].flat().map(compileCapture)]
}

function compileMatch({ json, value }: Match): ReplyCheck {
  const read = compilePath(json)
  const wanted = compileJson(value)
  return (result, scope) => (sameJson(read(result), wanted.render(scope)) ? undefined : 'match.failed')
}

function compileCapture({ json, as }: Capture): ReplyCheck {
  const read = compilePath(json)
  return (result, { variables }) => {
    const found = read(result)
    if (found === undefined) return 'capture.failed'
    // The answer was parsed from JSON, so every part of it is JSON.
    variables[as] = found as Json
    return undefined
  }
}

function compilePath(json: string): (root: unknown) => unknown {
  const read = compileJsonPath(json)
  if (!read) throw new TypeError(`${json}: expected ${expectedJsonPath}`)
  return read
}

/** A missing flag counts as false, since servers leave out `isError` when nothing failed. */
function sameJson(found: unknown, wantedText: string): boolean {
  if (found === undefined) return wantedText === 'false'
  if (typeof found === 'object') return isDeepStrictEqual(found, JSON.parse(wantedText))
  return JSON.stringify(found) === wantedText
}
