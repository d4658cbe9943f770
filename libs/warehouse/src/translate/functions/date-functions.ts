import { identifierName, isKeyword, stringValue, type Token } from '@squall/snowflake-sql'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { placeOf, unsupportedFeature } from '../../engine/snowflake-errors.ts'
import { normalizeDatePart } from '../date-part.ts'
import { leafToken } from '../node-cursor.ts'
import { toMoment } from '../quote.ts'
import type { FunctionCall, FunctionTable } from './function-translation.ts'

/** Functions whose first argument is the name of a date part, quoted or not, and their relatives. */
export const dateFunctions: FunctionTable = {
  DATEADD: dateAdd,
  TIMEADD: dateAdd,
  TIMESTAMPADD: dateAdd,
  DATEDIFF: dateDiff,
  TIMEDIFF: dateDiff,
  TIMESTAMPDIFF: dateDiff,
  DATE_TRUNC: (call) =>
    partOf(call, 0, 'maybe') === undefined && call.args[1]
      ? `SF_DATE_TRUNC('${partOf(call, 1)}', ${toMoment(call.arg(0))})`
      : `SF_DATE_TRUNC('${partOf(call, 0)}', ${toMoment(call.arg(1))})`,
  DATE_PART: (call) => extract(partOf(call, 0), call.arg(1)),
  EXTRACT: extractFrom,
  YEAR: ({ arg }) => extract('year', arg(0)),
  YEAROFWEEK: ({ arg }) => extract('isoyear', arg(0)),
  YEAROFWEEKISO: ({ arg }) => extract('isoyear', arg(0)),
  QUARTER: ({ arg }) => extract('quarter', arg(0)),
  MONTH: ({ arg }) => extract('month', arg(0)),
  WEEK: ({ arg }) => extract('week', arg(0)),
  WEEKOFYEAR: ({ arg }) => extract('week', arg(0)),
  WEEKISO: ({ arg }) => extract('week', arg(0)),
  DAY: ({ arg }) => extract('day', arg(0)),
  DAYOFMONTH: ({ arg }) => extract('day', arg(0)),
  DAYOFWEEK: ({ arg }) => extract('dow', arg(0)),
  DAYOFWEEKISO: ({ arg }) => extract('isodow', arg(0)),
  DAYOFYEAR: ({ arg }) => extract('doy', arg(0)),
  HOUR: ({ arg }) => extract('hour', arg(0)),
  MINUTE: ({ arg }) => extract('minute', arg(0)),
  SECOND: ({ arg }) => extract('second', arg(0)),
  LAST_DAY: (call) => (call.args[1] ? lastDay(call) : `last_day(SF_TO_DATE(${call.arg(0)}))`),
  MONTHNAME: ({ arg }) => `left(monthname(SF_TO_TIMESTAMP(${arg(0)})), 3)`,
  DAYNAME: ({ arg }) => `left(dayname(SF_TO_TIMESTAMP(${arg(0)})), 3)`,
  ADD_MONTHS: ({ arg }) => `SF_DATEADD_MONTH(${arg(1)}, ${toMoment(arg(0))})`,
  DATE_FROM_PARTS: ({ arg }) => `make_date(${arg(0)}, ${arg(1)}, ${arg(2)})`,
  DATEFROMPARTS: ({ arg }) => `make_date(${arg(0)}, ${arg(1)}, ${arg(2)})`,
  TIMESTAMP_FROM_PARTS: timestampFromParts,
  TIMESTAMP_NTZ_FROM_PARTS: timestampFromParts,
  TIME_FROM_PARTS: ({ arg }) => `make_time(${arg(0)}, ${arg(1)}, ${arg(2)})`,
  TIMEFROMPARTS: ({ arg }) => `make_time(${arg(0)}, ${arg(1)}, ${arg(2)})`,
  NEXT_DAY: (call) => `SF_NEXT_DAY(SF_TO_DATE(${call.arg(0)}), ${weekday(call)})`,
  PREVIOUS_DAY: (call) => `SF_PREVIOUS_DAY(SF_TO_DATE(${call.arg(0)}), ${weekday(call)})`,
  TIME_SLICE: timeSlice,
  CONVERT_TIMEZONE: convertTimezone,
}

function partOf(call: FunctionCall, index: number): string
function partOf(call: FunctionCall, index: number, mode: 'maybe'): string | undefined
function partOf(call: FunctionCall, index: number, mode?: 'maybe'): string | undefined {
  const nodes = call.args[index] ?? []
  const token = nodes.length === 1 ? leafToken(nodes[0]) : undefined
  const part = normalizeDatePart(stringValue(token) ?? identifierName(token) ?? '')
  if (part !== undefined || mode === 'maybe') return part
  throw notAPart(call, token)
}

function notAPart(call: FunctionCall, token: Token | undefined): SnowflakeError {
  const place = placeOf(token ?? call.token)
  const where = place ? ` error line ${place.line} at position ${place.position}` : ''
  const message = `SQL compilation error:${where}\n'${token?.text ?? ''}' is not a valid date/time component for function ${call.name}.`
  return new SnowflakeError('001044', '42P13', message, place)
}

/** What has a length. */
const addableParts = new Set('year quarter month week day hour minute second millisecond microsecond nanosecond'.split(' '))

function dateAdd(call: FunctionCall): string {
  const part = partOf(call, 0)
  if (!addableParts.has(part)) throw notAPart(call, leafToken(call.args[0]?.[0]))
  return `SF_DATEADD_${part.toUpperCase()}(${call.arg(1)}, ${toMoment(call.arg(2))})`
}

/** Counts the boundaries crossed, as both systems do. */
function dateDiff(call: FunctionCall): string {
  const part = partOf(call, 0)
  return `date_diff('${part === 'isoweek' ? 'week' : part}', SF_TO_TIMESTAMP(${call.arg(1)}), SF_TO_TIMESTAMP(${call.arg(2)}))`
}

function extract(part: string, value: string): string {
  if (part.startsWith('epoch_')) return `${part}(SF_TO_TIMESTAMP(${value}))`
  const duckPart = part === 'isoweek' ? 'week' : part
  // Seconds are whole numbers in Snowflake, the epoch too.
  return `CAST(floor(date_part('${duckPart}', SF_TO_TIMESTAMP(${value}))) AS BIGINT)`
}

/** `EXTRACT(part FROM value)`. */
function extractFrom(call: FunctionCall): string {
  const [part, from, ...value] = call.args[0] ?? []
  if (!part || !isKeyword(leafToken(from), 'FROM')) return extract(partOf(call, 0), call.arg(1))
  return extract(partOf({ ...call, args: [[part]] }, 0), call.scope.expression(value, call.scope))
}

function lastDay(call: FunctionCall): string {
  const part = partOf(call, 1)
  const start = `date_trunc('${part}', SF_TO_DATE(${call.arg(0)}))`
  return `CAST(${start} + INTERVAL '1 ${part}' - INTERVAL '1 day' AS DATE)`
}

function timestampFromParts({ arg, args, name, token }: FunctionCall): string {
  if (args.length !== 6) throw unsupportedFeature(`${name} with other than six arguments`, token)
  return `make_timestamp(${[0, 1, 2, 3, 4, 5].map(arg).join(', ')})`
}

const weekdays = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']

/** The day of the week named by the first two letters of the second argument, counted from Monday as 1. */
function weekday({ args, name, token }: FunctionCall): number {
  const day = stringValue(leafToken(args[1]?.[0]))?.trim().slice(0, 2).toLowerCase() ?? ''
  const index = weekdays.indexOf(day)
  if (index < 0) throw unsupportedFeature(`${name} with a computed day`, token)
  return index + 1
}

/** `TIME_SLICE(moment, length, part [, 'START' | 'END'])`: slices are counted from the start of 1970. */
function timeSlice(call: FunctionCall): string {
  const part = partOf(call, 2)
  const [node, ...more] = call.args[1] ?? []
  const length = leafToken(node)
  if (length?.kind !== 'number' || more.length > 0) throw unsupportedFeature('TIME_SLICE with a computed length', call.token)
  // Weeks begin on Mondays, and 1970 did not.
  const origin = part === 'week' ? "TIMESTAMP '1969-12-29'" : "TIMESTAMP '1970-01-01'"
  const start = `time_bucket(INTERVAL '${length.text} ${part}', SF_TO_TIMESTAMP(${call.arg(0)}), ${origin})`
  return stringValue(leafToken(call.args[3]?.[0]))?.toUpperCase() === 'END'
    ? `(${start} + INTERVAL '${length.text} ${part}')`
    : start
}

/** With two arguments from the session's zone, with three from the first. */
function convertTimezone(call: FunctionCall): string {
  const { args, arg } = call
  if (args.length === 2) return `timezone(${arg(0)}, CAST(${arg(1)} AS TIMESTAMPTZ))`
  return `timezone(${arg(1)}, timezone(${arg(0)}, CAST(${arg(2)} AS TIMESTAMP)))`
}
