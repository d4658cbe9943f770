import { readFileSync } from 'node:fs'
import type { Problem } from '@squall/errors'
import { isIpRange, priorities, scopes, type ApiKey } from '@squall/mcp-server'
import { z } from 'zod'

const names = (list: readonly string[]): string => list.join(', ')

const keySchema = z.strictObject({
  name: z.string('a name').regex(/^[\w.@-]{1,64}$/, 'at most 64 letters, digits and any of . _ @ -'),
  sha256: z
    .string('the SHA-256 of the key in hexadecimal')
    .regex(/^[\da-f]{64}$/i, 'the SHA-256 of the key: 64 hexadecimal digits, never the key itself')
    .transform((hex) => hex.toLowerCase()),
  scopes: z.array(z.enum(scopes, `any of ${names(scopes)}`), `a list of ${names(scopes)}`).min(1, 'one scope at least'),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'an instant such as 2027-01-31T00:00:00Z' })
    .transform((instant) => Date.parse(instant))
    .optional(),
  allowFrom: z
    .array(z.string('an address or a range').refine(isIpRange, 'an address or a range such as 10.0.0.0/8'), 'a list of addresses')
    .min(1, 'one address at least; leave it out to allow all')
    .optional(),
  role: z.string('the name of a role in Snowflake').min(1, 'the name of a role in Snowflake').optional(),
  priority: z.enum(priorities, `one of ${names(priorities)}`).optional(),
})

const entrySchema = keySchema.transform(({ expiresAt, ...key }) => ({ ...key, expiresAtMs: expiresAt }))

const fileSchema = z.strictObject(
  { keys: z.array(entrySchema, 'a list of keys').min(1, 'one key at least') },
  'an object with `keys`',
)

/** Reads API keys by their hashes; all that is wrong becomes problems, none of which repeats a value. */
export function readKeysFile(path: string, where: string, problems: Problem[]): readonly ApiKey[] {
  const json = readJson(path, where, problems)
  if (json === undefined) return []
  const parsed = fileSchema.safeParse(json)
  if (!parsed.success) {
    for (const { path: at, code, message } of parsed.error.issues)
      problems.push({
        where: at.length === 0 ? path : `${renderPath(at)} in ${path}`,
        expected:
          code === 'unrecognized_keys'
            ? 'no other keys than name, sha256, scopes, expiresAt, allowFrom, role, priority'
            : message,
      })
    return []
  }
  const { keys } = parsed.data
  for (const [field, what] of [
    ['name', 'a name'],
    ['sha256', 'a key'],
  ] as const)
    for (const index of repeats(keys.map((key) => key[field])))
      problems.push({ where: `keys[${index}].${field} in ${path}`, expected: `${what} that no other entry has` })
  return keys
}

/** The content; undefined, and a problem, where it cannot be had. */
function readJson(path: string, where: string, problems: Problem[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (error) {
    // What is wrong in JSON is told with a piece of it, which may be a key.
    const hint = error instanceof SyntaxError ? 'it is not valid JSON' : (error as Error).message
    problems.push({ where, value: path, expected: 'a JSON file that can be read', hint })
    return undefined
  }
}

function repeats(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
}

function renderPath(at: readonly PropertyKey[]): string {
  return at.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('')
}
