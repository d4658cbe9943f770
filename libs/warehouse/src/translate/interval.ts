import { stringValue } from '@squall/snowflake-sql'
import { normalizeDatePart } from './date-part.ts'
import type { NodeCursor } from './node-cursor.ts'
import { toMoment } from './quote.ts'

export function isAtInterval(cursor: NodeCursor): boolean {
  return cursor.isAtKeyword('INTERVAL') && stringValue(cursor.token(1)) !== undefined
}

interface Interval {
  readonly sql: string
  /** Whether it has hours, minutes or less, so that a DATE it is added to becomes a timestamp. */
  readonly hasTime: boolean
}

/** `INTERVAL '1 year, 3 days'` or `INTERVAL '90' DAY` at the cursor; a number without a unit counts seconds. */
export function takeInterval(cursor: NodeCursor): Interval {
  cursor.next()
  const text = stringValue(cursor.token()) ?? ''
  cursor.next()
  const unit = cursor.token()
  const unitBehind = unit?.kind === 'word' && /^\s*-?\d+\s*$/.test(text) ? normalizeDatePart(unit.text) : undefined
  if (unitBehind !== undefined) cursor.next()
  const pieces = unitBehind === undefined ? text.split(',').map(toPiece) : [{ amount: text.trim(), part: unitBehind }]
  if (pieces.length === 0 || pieces.some((piece) => piece === undefined)) throw cursor.unexpected()
  const known = pieces.filter((piece) => piece !== undefined)
  return {
    sql: known.map(({ amount, part }) => `INTERVAL '${amount} ${part}'`).join(' + '),
    hasTime: known.some(({ part }) => !calendarParts.has(part)),
  }
}

const calendarParts = new Set(['year', 'quarter', 'month', 'week', 'day'])

function toPiece(text: string): { readonly amount: string; readonly part: string } | undefined {
  const [, amount, unit = 'second'] = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)?\s*$/.exec(text) ?? []
  const part = normalizeDatePart(unit)
  return amount === undefined || part === undefined ? undefined : { amount, part }
}

/** `left + INTERVAL …`, keeping a DATE a DATE where the interval has whole days only. */
export function addInterval(left: string, sign: '+' | '-', cursor: NodeCursor): string {
  const { sql, hasTime } = takeInterval(cursor)
  const interval = sign === '-' ? `-(${sql})` : `(${sql})`
  const moment = toMoment(left)
  return hasTime ? `${moment} + ${interval}` : `SF_ADD_DAYS_OR_MORE(${moment}, ${interval})`
}
