import { CodedError, type Problem } from '@squall/errors'
import { sqlPolicyErrors } from './errors.ts'
import { longestIdentifier } from './identifier.ts'

/** The parts of an object's name from the database on, as Snowflake stores them. Fewer than three stand for all that lies within. */
export type ObjectPath = readonly string[]

/** Which names are meant, part by part; a part that is left out means every name. */
export interface ObjectPattern {
  readonly text: string
  readonly parts: readonly RegExp[]
}

const partPattern = /^(?:"((?:[^"]|"")+)"|([A-Za-z_*][\w$*]*))(?:\.|$)/

/**
 * Reads patterns such as `ANALYTICS_DB`, `SALES.PUBLIC`, `SALES.*.FACT_*` and `"My Db".PUBLIC`: dots between the parts, `*` for any
 * letters within a part, upper case outside quotes.
 * @param where what the patterns are called, for the message.
 * @throws CodedError SQL_POLICY_BAD_PATTERN with every pattern that cannot be read.
 */
export function parseObjectPatterns(texts: readonly string[], where: string): readonly ObjectPattern[] {
  const patterns = texts.map((text) => ({ text, parts: readParts(text.trim()) }))
  const problems = patterns.flatMap(({ text, parts }): Problem[] => (parts === undefined ? [toProblem(text, where)] : []))
  if (problems.length > 0) throw new CodedError(sqlPolicyErrors.SQL_POLICY_BAD_PATTERN, { problems })
  return patterns.map(({ text, parts = [] }) => ({ text, parts }))
}

/** Whether one of the patterns means this object and all that lies within it. */
export function covers(patterns: readonly ObjectPattern[], path: ObjectPath): boolean {
  return patterns.some(({ parts }) => parts.every((part, at) => means(part, path[at] ?? '')))
}

/** Whether one of the patterns means this object, or something within it. */
export function touches(patterns: readonly ObjectPattern[], path: ObjectPath): boolean {
  return patterns.some(({ parts }) => path.every((name, at) => parts[at] === undefined || means(parts[at], name)))
}

/** Whether a part of a pattern means a name. One that is too long names nothing, and could be matched against stars for minutes. */
export function means(part: RegExp, name: string): boolean {
  return name.length <= longestIdentifier && part.test(name)
}

function readParts(text: string): readonly RegExp[] | undefined {
  const parts: RegExp[] = []
  let rest = text
  while (rest !== '') {
    const [matched, quoted, plain] = partPattern.exec(rest) ?? []
    // A dot at the end promises one part more.
    if (matched === undefined || (matched.endsWith('.') && matched.length === rest.length)) return undefined
    parts.push(toRegExp(quoted?.replaceAll('""', '"') ?? plain?.toUpperCase() ?? ''))
    rest = rest.slice(matched.length)
  }
  return parts.length >= 1 && parts.length <= 3 ? parts : undefined
}

function toRegExp(name: string): RegExp {
  const escaped = name.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
  // A run of stars means no more than one, and would cost far more.
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*')}$`, 's')
}

function toProblem(value: string, where: string): Problem {
  const expected = 'one to three names joined by dots, with * for any letters'
  return { where, value, expected, hint: 'for example SALES.PUBLIC or SALES.*.FACT_*; other characters go in double quotes' }
}
