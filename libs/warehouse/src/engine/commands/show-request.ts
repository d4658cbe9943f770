import { stringValue } from '@squall/snowflake-sql'
import { takeObjectName } from '../../translate/object-name.ts'
import type { ObjectName } from '../../translate/scope.ts'
import type { StatementFrame } from '../statement-frame.ts'

/** Where SHOW looks: the whole account, or a database or schema, named or the session's. */
export interface ShowPlace {
  /** As written; `NAME` where neither DATABASE nor SCHEMA was said. */
  readonly kind: 'ACCOUNT' | 'DATABASE' | 'SCHEMA' | 'TABLE' | 'NAME'
  readonly name?: ObjectName
}

/** A SHOW statement behind its object kind. */
export interface ShowRequest {
  readonly place: ShowPlace | undefined
  /** Whether a name passes LIKE and STARTS WITH. */
  readonly matches: (name: string) => boolean
  /** At most this many rows. */
  readonly limit: number
  /** Rows begin after this name. */
  readonly from: string | undefined
}

/** Reads `[HISTORY] [LIKE 'p'] [IN …] [STARTS WITH 's'] [LIMIT n [FROM 's']]` up to the end of the statement. */
export function takeShowRequest(frame: StatementFrame): ShowRequest {
  const { cursor } = frame
  cursor.skipKeywords('HISTORY')
  const like = cursor.skipKeywords('LIKE') ? toLikePattern(takeText(frame)) : undefined
  const place = cursor.skipKeywords('IN') ? takePlace(frame) : undefined
  const prefix = cursor.skipKeywords('STARTS', 'WITH') ? takeText(frame) : ''
  const limit = cursor.skipKeywords('LIMIT') ? takeCount(frame) : Number.POSITIVE_INFINITY
  const from = cursor.skipKeywords('FROM') ? takeText(frame) : undefined
  cursor.expectEnd()
  return { place, limit, from, matches: (name) => (like?.test(name) ?? true) && name.startsWith(prefix) }
}

function takeText({ cursor }: StatementFrame): string {
  const text = stringValue(cursor.token())
  if (text === undefined) throw cursor.unexpected()
  cursor.next()
  return text
}

function takeCount({ cursor }: StatementFrame): number {
  const token = cursor.token()
  if (token?.kind !== 'number') throw cursor.unexpected()
  cursor.next()
  return Number(token.text)
}

function takePlace({ cursor, scope }: StatementFrame): ShowPlace {
  if (cursor.skipKeywords('ACCOUNT')) return { kind: 'ACCOUNT' }
  const kind = (['DATABASE', 'SCHEMA', 'TABLE', 'VIEW'] as const).find((word) => cursor.skipKeywords(word))
  const hasName = !cursor.isAtEnd && !cursor.isAtKeyword('STARTS', 'LIMIT')
  if (kind === undefined) return { kind: 'NAME', name: takeObjectName(cursor, scope) }
  const place = kind === 'VIEW' ? 'TABLE' : kind
  return hasName ? { kind: place, name: takeObjectName(cursor, scope) } : { kind: place }
}

/** SQL's LIKE, blind to case, as a regular expression. A backslash takes the meaning off `%` and `_`. */
function toLikePattern(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\?[\s\S]/g, (piece) => {
    if (piece === '%') return '.*'
    if (piece === '_') return '.'
    return piece.slice(-1).replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`)
  })
  return new RegExp(`^${source}$`, 'isu')
}

/** Sorted by name, begun after FROM, cut at LIMIT. */
export function pageOf<T>(items: readonly T[], nameOf: (item: T) => string, { from, limit, matches }: ShowRequest): readonly T[] {
  const found = items.filter((item) => matches(nameOf(item)) && (from === undefined || nameOf(item) > from))
  return limit === Number.POSITIVE_INFINITY ? found : found.slice(0, limit)
}
