import { quoteText } from '../translate/quote.ts'
import type { ResultColumn } from './engine.ts'

/** A cell of a result as a DuckDB literal of the type its column says. */
export function toWireLiteral(cell: string | null, { type }: Pick<ResultColumn, 'type'>): string {
  if (cell === null) return 'NULL'
  switch (type) {
    case 'fixed':
      return cell
    case 'real':
      return `CAST('${cell}' AS DOUBLE)`
    case 'boolean':
      return cell === '1' ? 'TRUE' : 'FALSE'
    case 'date':
      return `(DATE '1970-01-01' + ${cell})`
    case 'time':
      return `CAST(make_timestamp(${toMicros(cell)}) AS TIME)`
    case 'timestamp_ntz':
      return `make_timestamp(${toMicros(cell)})`
    case 'timestamp_ltz':
    // To be computed with, an instant is enough.
    case 'timestamp_tz':
      return `timezone('UTC', make_timestamp(${toMicros(cell.split(' ')[0] ?? cell)}))`
    case 'binary':
      return `from_hex(${quoteText(cell)})`
    case 'variant':
      return `CAST(${quoteText(cell)} AS JSON)`
    default:
      return quoteText(cell)
  }
}

/** Seconds with nine decimals as whole microseconds. */
function toMicros(cell: string): bigint {
  const [seconds = '0', fraction = ''] = cell.split('.')
  const micros = BigInt(seconds.replace('-', '')) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  return cell.startsWith('-') ? -micros : micros
}

/** DuckDB's type for a column of a result. */
export function toDuckType({ type, precision, scale }: Pick<ResultColumn, 'type' | 'precision' | 'scale'>): string {
  if (type === 'fixed') return scale === 0 ? 'HUGEINT' : `DECIMAL(${precision ?? 38}, ${scale ?? 0})`
  return duckTypes[type] ?? 'VARCHAR'
}

const duckTypes: Readonly<Record<string, string>> = {
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME',
  timestamp_ntz: 'TIMESTAMP',
  timestamp_ltz: 'TIMESTAMPTZ',
  timestamp_tz: 'TIMESTAMPTZ',
  binary: 'BLOB',
  variant: 'JSON',
}
