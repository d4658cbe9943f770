import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { zonedFields } from '../translate/zoned-timestamp.ts'
import { toJson } from './nested-json.ts'

/**
 * A value in the text encoding of Snowflake's JSON results: decimal numbers, `1` and `0`, days since 1970 for dates, seconds with nine
 * decimals for times and timestamps, hexadecimal bytes, JSON for whatever is nested.
 */
export function toWireCell(value: DuckDBValue): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return toWireNumber(value)
  return typeof value === 'bigint' ? value.toString() : toWireObject(value)
}

function toWireNumber(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '0' : String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf'
}

function toWireObject(value: NonNullable<Exclude<DuckDBValue, string | boolean | number | bigint>>): string {
  if (value instanceof DuckDBDateValue) return String(value.days)
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimeValue)
    return seconds(value.micros, 6)
  if (value instanceof DuckDBTimestampNanosecondsValue) return seconds(value.nanos, 9)
  if (value instanceof DuckDBTimestampMillisecondsValue) return seconds(value.millis, 3)
  if (value instanceof DuckDBTimestampSecondsValue) return seconds(value.seconds, 0)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex').toUpperCase()
  return toZoned(value) ?? toJson(value) ?? value.toString()
}

/** An instant with its offset: seconds, and the minutes counted from 24 hours behind UTC. */
function toZoned(value: DuckDBValue): string | undefined {
  if (!(value instanceof DuckDBStructValue)) return undefined
  const { [zonedFields.instant]: instant, [zonedFields.offset]: offset } = value.entries
  if (!(instant instanceof DuckDBTimestampTZValue) || typeof offset !== 'number') return undefined
  return `${seconds(instant.micros, 6)} ${offset + 1_440}`
}

/** A count of 10^-digits seconds as seconds with nine decimals. */
function seconds(count: bigint, digits: number): string {
  const nanos = count * 10n ** BigInt(9 - digits)
  const sign = nanos < 0n ? '-' : ''
  const text = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0')
  return `${sign}${text.slice(0, -9)}.${text.slice(-9)}`
}
