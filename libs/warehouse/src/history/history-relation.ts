import type { WireRow } from '../engine/engine.ts'
import type { SessionState } from '../engine/session-state.ts'
import { toValuesRelation } from '../engine/values-relation.ts'
import type { HistoryRequest, Relation } from '../translate/scope.ts'
import type { QueryHistory } from './query-history.ts'
import type { QueryRecord } from './query-record.ts'

/** Records looked through for one call, the newest; Snowflake gives at most so many. */
const mostRecords = 10_000

/**
 * Lines of the history as a table, the newest first; without more said those of the session, user or warehouse that asks. Others'
 * statements are seen by account administrators only.
 */
export function historyRelation(request: HistoryRequest, session: SessionState, history: QueryHistory): Relation {
  const { arguments: args } = request
  const known = knownFilter(request, session)
  const visible = history
    .newest()
    .filter((record) => (record.user === session.user || session.role === 'ACCOUNTADMIN') && (!known || known(record)))
    .slice(0, mostRecords)
  const conditions = [
    known ? '' : unknownFilter(request),
    args.has('END_TIME_RANGE_START') ? `END_TIME >= ${args.get('END_TIME_RANGE_START')}` : '',
    args.has('END_TIME_RANGE_END') ? `END_TIME <= ${args.get('END_TIME_RANGE_END')}` : '',
  ].filter((condition) => condition !== '')
  const limit = args.get('RESULT_LIMIT') ?? '100'
  // Without conditions no more lines are looked at than are wanted.
  const records = conditions.length === 0 && /^\d+$/.test(limit) ? visible.slice(0, Number(limit)) : visible
  const all = toValuesRelation('QUERY_HISTORY', columns, [records.map(toRow)])
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  return { sql: `(SELECT * FROM ${all.sql} AS "H"${where} LIMIT ${limit})`, alias: 'AS "QUERY_HISTORY"' }
}

/** By whose lines: of a session, user or warehouse that is known before the query runs. */
function knownFilter(
  { by, arguments: args }: HistoryRequest,
  session: SessionState,
): ((record: QueryRecord) => boolean) | undefined {
  if (by === 'ALL') return () => true
  const argument = args.get(argumentNames[by])
  const value = argument === undefined ? own[by](session) : /^'(?<text>[^']*)'$/.exec(argument)?.groups?.['text']
  return value === undefined ? undefined : (record) => columnOf[by](record) === value
}

/** The same where the session, user or warehouse is an expression. */
function unknownFilter({ by, arguments: args }: HistoryRequest): string {
  return by === 'ALL' ? '' : `${argumentNames[by]} = CAST(${args.get(argumentNames[by])} AS VARCHAR)`
}

/** Arguments are called as the columns are. */
const argumentNames = { SESSION: 'SESSION_ID', USER: 'USER_NAME', WAREHOUSE: 'WAREHOUSE_NAME' } as const
const own = {
  SESSION: ({ id }: SessionState) => id,
  USER: ({ user }: SessionState) => user,
  WAREHOUSE: ({ warehouse }: SessionState) => warehouse ?? '',
}
const columnOf = {
  SESSION: ({ sessionId }: QueryRecord) => sessionId,
  USER: ({ user }: QueryRecord) => user,
  WAREHOUSE: ({ warehouse }: QueryRecord) => warehouse ?? '',
}

const text = { type: 'text', precision: null, scale: null }
const number = { type: 'fixed', precision: 38, scale: 0 }
const moment = { type: 'timestamp_ltz', precision: null, scale: 3 }

type Cell = readonly [
  name: string,
  type: typeof text | typeof number | typeof moment,
  of: (record: QueryRecord) => string | number | null,
]

const cells: readonly Cell[] = [
  ['QUERY_ID', text, ({ queryId }) => queryId],
  ['QUERY_TEXT', text, (record) => record.text],
  ['DATABASE_NAME', text, ({ database }) => database],
  ['SCHEMA_NAME', text, ({ schema }) => schema],
  ['QUERY_TYPE', text, ({ type }) => type],
  ['SESSION_ID', text, ({ sessionId }) => sessionId],
  ['USER_NAME', text, ({ user }) => user],
  ['ROLE_NAME', text, ({ role }) => role],
  ['WAREHOUSE_NAME', text, ({ warehouse }) => warehouse],
  ['WAREHOUSE_SIZE', text, ({ warehouse }) => (warehouse === null ? null : 'X-Small')],
  ['WAREHOUSE_TYPE', text, ({ warehouse }) => (warehouse === null ? null : 'STANDARD')],
  ['QUERY_TAG', text, ({ tag }) => tag],
  ['EXECUTION_STATUS', text, ({ phase }) => statuses[phase]],
  ['ERROR_CODE', text, ({ errorCode }) => errorCode],
  ['ERROR_MESSAGE', text, ({ errorMessage }) => errorMessage],
  ['START_TIME', moment, ({ startedWallMs }) => startedWallMs / 1_000],
  ['END_TIME', moment, ({ endedWallMs }) => (endedWallMs === null ? null : endedWallMs / 1_000)],
  ['TOTAL_ELAPSED_TIME', number, ({ startedWallMs, endedWallMs }) => (endedWallMs === null ? null : endedWallMs - startedWallMs)],
  ['ROWS_PRODUCED', number, ({ rowCount }) => rowCount],
  ['EXECUTION_TIME', number, ({ executionMs }) => executionMs],
  ['QUEUED_PROVISIONING_TIME', number, ({ provisioningMs }) => provisioningMs],
  ['QUEUED_REPAIR_TIME', number, () => 0],
  ['QUEUED_OVERLOAD_TIME', number, ({ overloadMs }) => overloadMs],
]

const statuses = { QUEUED: 'QUEUED', RUNNING: 'RUNNING', SUCCESS: 'SUCCESS', FAIL: 'FAILED_WITH_ERROR' } as const

const columns = cells.map(([name, type]) => ({ name, ...type }))

function toRow(record: QueryRecord): WireRow {
  return cells.map(([, type, of]) => {
    const value = of(record)
    if (value === null || typeof value === 'string') return value
    return type === moment ? value.toFixed(3) : String(Math.round(value))
  })
}
