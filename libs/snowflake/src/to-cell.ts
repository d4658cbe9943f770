import type { Cell } from './cell.ts'
import { exactNumber } from './exact-number.ts'
import { isoDate, isoOffsetTimestamp, isoTime, isoTimestamp } from './iso-time.ts'
import { parseJsonExactly } from './parse-json.ts'

type Reader = (text: string) => Cell

/** Wire type, as the service names it, to how its text is read. Everything else is text already: TEXT, and BINARY in hex. */
const readers: Readonly<Record<string, Reader>> = {
  fixed: exactNumber,
  real: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
  boolean: readBoolean,
  date: isoDate,
  time: isoTime,
  timestamp_ntz: (text) => isoTimestamp(text, ''),
  timestamp_ltz: (text) => isoTimestamp(text, 'Z'),
  timestamp_tz: isoOffsetTimestamp,
  variant: parseJsonExactly,
  object: parseJsonExactly,
  array: parseJsonExactly,
  map: parseJsonExactly,
  vector: parseJsonExactly,
  geography: parseJsonExactly,
  geometry: parseJsonExactly,
}

/** How values of a wire type are read: from the text on the wire to what JSON can say. Throws where the text is not of the type. */
export function cellReader(wireType: string): (raw: unknown) => Cell {
  const read = readers[wireType] ?? ((text: string) => text)
  return (raw) => {
    if (raw === null) return null
    if (typeof raw === 'string') return read(raw)
    if (typeof raw === 'number' || typeof raw === 'boolean') return raw
    throw new TypeError(`a ${wireType} value came as ${typeof raw}`)
  }
}

function readBoolean(text: string): boolean {
  const lower = text.toLowerCase()
  if (lower === '1' || lower === 'true') return true
  if (lower === '0' || lower === 'false') return false
  throw new TypeError(`"${text}" is no BOOLEAN`)
}
