import { CodedError } from '@squall/errors'
import { sqlPolicyErrors } from './errors.ts'

/** Longest identifier Snowflake knows, in characters. */
export const longestIdentifier = 255
const plainPattern = /^[A-Za-z_][A-Za-z0-9_$]*$/
// Line breaks and other controls are legal in quoted names, but nobody's argument for a tool needs them.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const controlPattern = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/

/** Writes a name as a quoted identifier, which Snowflake takes literally: `a"b` becomes `"a""b"`. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Writes text as a string literal: quotes doubled, and backslashes too, as Snowflake reads escapes in them. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/**
 * Reads an object's name as SQL would: `sales.orders`, `"My DB".public."a.b"`. Parts outside quotes become upper case.
 * @param where the argument it comes from, for the message.
 * @returns its parts, one to `maxParts`, as Snowflake stores them; to be written with `quoteIdentifier`.
 * @throws CodedError SQL_POLICY_BAD_NAME
 */
export function parseObjectName(text: string, where: string, maxParts = 3): readonly string[] {
  const parts: string[] = []
  let rest = text.trim()
  for (;;) {
    const [raw, name] = readPart(rest) ?? refuse(text, where, 'a name of letters, digits, _ and $, or one in double quotes')
    if (name.length > longestIdentifier) refuse(text, where, `parts of at most ${longestIdentifier} characters`)
    parts.push(name)
    rest = rest.slice(raw.length)
    if (rest === '') break
    if (!rest.startsWith('.')) refuse(text, where, 'parts joined by single dots')
    rest = rest.slice(1)
  }
  if (parts.length > maxParts)
    refuse(text, where, maxParts === 1 ? 'one name without dots' : `at most ${maxParts} parts joined by dots`)
  return parts
}

function readPart(text: string): readonly [raw: string, name: string] | undefined {
  if (text.startsWith('"')) {
    const raw = /^"(?:[^"]|"")+"/.exec(text)?.[0]
    if (raw === undefined || controlPattern.test(raw)) return undefined
    return [raw, raw.slice(1, -1).replaceAll('""', '"')]
  }
  const raw = /^[^."]+/.exec(text)?.[0]
  return raw !== undefined && plainPattern.test(raw) ? [raw, raw.toUpperCase()] : undefined
}

function refuse(value: string, where: string, expected: string): never {
  const problem = {
    where,
    value,
    expected,
    hint: 'put a name with other characters in double quotes, and double the quotes inside',
  }
  throw new CodedError(sqlPolicyErrors.SQL_POLICY_BAD_NAME, {
    message: `${where} is not the name of an object`,
    problems: [problem],
  })
}
