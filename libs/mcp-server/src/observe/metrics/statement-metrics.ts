import type { ConnectionWatcher } from '../observed-connections.ts'
import { boundedLabel } from './bounded-label.ts'
import type { Instruments } from './instruments.ts'

const rowBuckets = [0, 1, 10, 100, 1000, 10_000]
const mostCodes = 200

/** What the server asks of Snowflake. A statement's time is as the server sees it: queueing, running and reading its rows. */
export function createStatementMetrics(make: Instruments): ConnectionWatcher {
  const queries = make.counter('mcp_queries_total', 'Statements sent to Snowflake, by first word and outcome', [
    'class',
    'outcome',
  ])
  const durations = make.histogram('mcp_query_duration_seconds', 'Time of a statement in Snowflake, reading its rows included', [
    'class',
  ])
  const failures = make.counter('mcp_query_errors_total', 'Statements that failed, by code of the error', ['code'])
  const rows = make.histogram('mcp_query_rows_returned', 'Rows a statement gave', [], rowBuckets)
  const transactions = make.counter('mcp_transactions_total', 'Transactions by what ended them', ['end'])
  const waits = make.histogram('mcp_connection_acquisition_seconds', 'Time calls waited for a session in Snowflake')
  const leases = make.histogram('mcp_connection_lease_seconds', 'Time calls held a session in Snowflake')
  const codeLabel = boundedLabel(mostCodes)
  return {
    waited: ({ durationMs }) => waits.observe(durationMs / 1000),
    held: (durationMs) => leases.observe(durationMs / 1000),
    ran({ sql, outcome, code, durationMs, rows: count }) {
      const kind = classOf(sql)
      queries.inc({ class: kind, outcome })
      durations.observe({ class: kind }, durationMs / 1000)
      if (count !== undefined) rows.observe(count)
      if (outcome === 'failed') failures.inc({ code: codeLabel(code ?? 'internal') })
      if (kind === 'commit' || kind === 'rollback') transactions.inc({ end: kind })
    },
  }
}

const classes: ReadonlySet<string> = new Set([
  'select',
  'with',
  'show',
  'describe',
  'desc',
  'explain',
  'begin',
  'commit',
  'rollback',
])

/** By the first word alone: a label must cost nothing, and has few values whatever is sent. */
function classOf(sql: string): string {
  const word = /^\s*(\w{1,10})/.exec(sql)?.[1]?.toLowerCase() ?? ''
  return classes.has(word) ? word : 'other'
}
