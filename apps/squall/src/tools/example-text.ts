type Schema = Readonly<Record<string, unknown>>

/** Formats of JSON Schema, section 7.3 of its validation vocabulary. */
const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-01-15T12:00:00Z',
  date: '2026-01-15',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'ann@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  regex: '.*',
  'json-pointer': '/a',
}

/** What arguments of such names mostly take; the first that fits the name or what is said of it. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/\bsql\b/i, 'SELECT 1'],
  [/^(?:uri|url|link|href)$/i, 'https://example.com/'],
  [/^(?:path|directory|dir|folder)$/i, '.'],
  [/^e-?mail$/i, 'ann@example.com'],
  [/date$/i, '2026-01-15'],
  [/^(?:lang|language|locale)$/i, 'en'],
  [/^(?:city|location|place)$/i, 'Berlin'],
  [/^(?:message|text|content|prompt|input|thought)$/i, 'hello from a load test'],
  [/^(?:query|q|search|term|keyword|topic)$/i, 'example'],
]

/** A text the schema allows, as far as that can be known: patterns are not solved. */
export function exampleText(schema: Schema, name: string): string {
  const { format, description, minLength, maxLength } = schema
  const told = typeof format === 'string' ? byFormat[format] : undefined
  const said = typeof description === 'string' ? description : ''
  const named = byName.find(([pattern]) => pattern.test(name))?.[1] ?? 'example'
  // Many a tool calls its SQL a query, and says so only in the description.
  const text = told ?? (named === 'example' && /\bsql\b/i.test(said) ? 'SELECT 1' : named)
  const long = typeof minLength === 'number' ? text.padEnd(Math.min(minLength, 10_000), 'x') : text
  return typeof maxLength === 'number' ? long.slice(0, maxLength) : long
}
