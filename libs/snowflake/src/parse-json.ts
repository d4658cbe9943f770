import type { Json } from './cell.ts'
import { exactNumber } from './exact-number.ts'

/** Fewer digits than this always survive the way through a double. */
const mayHoldLongNumber = /[\d.]{16}/

/**
 * Reads JSON, and keeps numbers a double cannot hold as text. Text that is no JSON (XML, or values only Snowflake knows) stays text.
 */
export function parseJsonExactly(text: string): Json {
  try {
    return mayHoldLongNumber.test(text) ? (JSON.parse(text, keepDigits) as Json) : (JSON.parse(text) as Json)
  } catch {
    return text
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value
}
