import type { Token } from '@squall/snowflake-sql'
import { quoteText } from '../translate/quote.ts'
import type { Bind } from './engine.ts'
import { SnowflakeError } from './snowflake-error.ts'
import { bindNotSet, placeOf } from './snowflake-errors.ts'

/** One value of a bind as a DuckDB literal. Throws 002049 where there is none, 100038 for a text that does not fit its type. */
export function toBindLiteral(bind: Bind | undefined, row: number, token: Token): string {
  if (!bind) throw bindNotSet(token)
  const value = typeof bind.value === 'string' || bind.value === null ? bind.value : bind.value[row]
  if (value === undefined) throw bindNotSet(token)
  if (value === null) return 'NULL'
  const render = renderers.get(bind.type.toUpperCase())
  const literal = render ? render(value) : quoteText(value)
  if (literal === undefined)
    throw new SnowflakeError('100038', '22018', `Numeric value '${value}' is not recognized`, placeOf(token))
  return literal
}

const number = (value: string): string | undefined =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) ? value : undefined

/** Milliseconds (or nanoseconds, told by their length) since 1970, as drivers send dates and timestamps. */
const micros = (value: string): string | undefined => {
  if (!/^-?\d+$/.test(value)) return undefined
  const count = BigInt(value)
  return value.replace('-', '').length > 15 ? String(count / 1000n) : String(count * 1000n)
}

const fromMicros =
  (convert: (micros: string) => string) =>
  (value: string): string | undefined => {
    const count = micros(value)
    return count === undefined ? convert(`epoch_us(CAST(${quoteText(value)} AS TIMESTAMP))`) : convert(count)
  }

const renderers: ReadonlyMap<string, (value: string) => string | undefined> = new Map([
  ['FIXED', number],
  ['REAL', (value: string) => (number(value) === undefined ? `CAST(${quoteText(value)} AS DOUBLE)` : `CAST(${value} AS DOUBLE)`)],
  ['BOOLEAN', (value: string) => (/^(?:true|1)$/i.test(value) ? 'TRUE' : 'FALSE')],
  ['DATE', fromMicros((count) => `CAST(make_timestamp(${count}) AS DATE)`)],
  [
    'TIME',
    (value: string) =>
      /^\d+$/.test(value) ? `CAST(make_timestamp(${BigInt(value) / 1000n}) AS TIME)` : `CAST(${quoteText(value)} AS TIME)`,
  ],
  ['TIMESTAMP_NTZ', fromMicros((count) => `make_timestamp(${count})`)],
  ['TIMESTAMP_LTZ', fromMicros((count) => `timezone('UTC', make_timestamp(${count}))`)],
  [
    'TIMESTAMP_TZ',
    (value: string) => fromMicros((count) => `timezone('UTC', make_timestamp(${count}))`)(value.split(' ')[0] ?? value),
  ],
  ['BINARY', (value: string) => `from_hex(${quoteText(value)})`],
  ['VARIANT', (value: string) => `CAST(${quoteText(value)} AS JSON)`],
])
