import type { JsonObject } from '../call-outcome.ts'
import { isObject } from '../rpc/message.ts'

/**
 * Fills in a form that a server asks for: given values first, then the schema's defaults, then for required fields the
 * least that is valid. Source: MCP 2025-11-25, "Elicitation", requested schema.
 */
export function fillForm(schema: unknown, given: JsonObject = {}): JsonObject {
  const { properties, required } = isObject(schema) ? schema : {}
  const needed = Array.isArray(required) ? new Set<unknown>(required) : new Set<unknown>()
  const fields = isObject(properties) ? Object.entries(properties) : []
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      if (Object.hasOwn(given, name)) return [[name, given[name]]]
      if (!isObject(field)) return []
      if ('default' in field) return [[name, field['default']]]
      return needed.has(name) ? [[name, leastValue(field)]] : []
    }),
  )
}

function leastValue(field: JsonObject): unknown {
  const choice = firstChoice(field)
  if (choice !== undefined) return choice
  switch (field['type']) {
    case 'boolean':
      return false
    case 'number':
      return typeof field['minimum'] === 'number' ? field['minimum'] : 0
    case 'integer':
      return typeof field['minimum'] === 'number' ? Math.ceil(field['minimum']) : 0
    case 'array':
      return leastSelection(field)
    default:
      return leastText(field)
  }
}

/** Choices are named in `enum`, or with titles in `oneOf` or `anyOf`. */
function firstChoice(field: JsonObject): unknown {
  return choicesOf(field)[0]
}

function choicesOf({ enum: plain, oneOf, anyOf }: JsonObject): readonly unknown[] {
  if (Array.isArray(plain)) return plain
  const titled: unknown = oneOf ?? anyOf
  return Array.isArray(titled) ? titled.flatMap((choice: unknown) => (isObject(choice) ? [choice['const']] : [])) : []
}

function leastSelection({ items, minItems }: JsonObject): readonly unknown[] {
  const choices = isObject(items) ? choicesOf(items) : []
  return choices.slice(0, typeof minItems === 'number' ? minItems : 0)
}

const leastOfFormat: Readonly<Record<string, string>> = {
  email: 'client@example.com',
  uri: 'https://example.com/',
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
}

/** A form that asks for more is not filled in as it wants. */
const longestText = 65_536

function leastText({ format, minLength }: JsonObject): string {
  const known = typeof format === 'string' ? leastOfFormat[format] : undefined
  return known ?? 'x'.repeat(typeof minLength === 'number' ? Math.min(longestText, Math.max(0, minLength)) : 0)
}
