import { createHash } from 'node:crypto'
import { principalOf, type EndedCall, type StatementRecord } from '@squall/mcp-server'
import { namedObjects, normalizeStatement, splitStatements, statementClass, tokenize } from '@squall/snowflake-sql'

const longestSql = 4000

/**
 * One line of the audit trail: who called what, what was sent to Snowflake, and what became of it. Statements are told without the
 * values in them; arguments are not told at all.
 * @param wallMs when the call ended.
 */
export function toAuditLine({ context, outcome, code, durationMs }: EndedCall, wallMs: number): string {
  const { record } = context
  return JSON.stringify({
    time: new Date(wallMs).toISOString(),
    event: 'call',
    ...whoCalledWhat(context),
    outcome,
    code,
    durationMs: round(durationMs),
    rows: record.statements.reduce((rows, statement) => rows + (statement.rows ?? 0), 0),
    statements: record.statements.map(describeStatement),
    ...(record.statementsLeftOut > 0 && { statementsLeftOut: record.statementsLeftOut }),
  })
}

/** A line for a statement that ended after its call had: what runs in the background is accounted for when it ends. */
export function toBackgroundAuditLine(context: EndedCall['context'], statement: StatementRecord, wallMs: number): string {
  return JSON.stringify({
    time: new Date(wallMs).toISOString(),
    event: 'background statement',
    ...whoCalledWhat(context),
    outcome: statement.outcome === 'ok' ? 'ok' : 'tool_error',
    code: statement.code,
    durationMs: round(statement.durationMs),
    rows: statement.rows ?? 0,
    statements: [describeStatement(statement)],
  })
}

/** A line for a credential that was not taken; what it was is not told. */
export function toRefusedCredentialLine(reason: string, remoteAddress: string | undefined, wallMs: number): string {
  const time = new Date(wallMs).toISOString()
  return JSON.stringify({ time, event: 'credential refused', outcome: 'refused', code: reason, remoteAddress })
}

function whoCalledWhat({ requestId, tool, caller, traceparent }: EndedCall['context']): Readonly<Record<string, unknown>> {
  const { session } = caller
  return {
    requestId,
    principal: principalOf(caller).id,
    role: principalOf(caller).role,
    transport: caller.transport,
    clientType: caller.clientType,
    clientName: session?.facts.clientName?.slice(0, 200),
    session: session === undefined ? undefined : sessionMark(session.id),
    remoteAddress: caller.remoteAddress,
    traceparent,
    tool: tool.slice(0, 200),
  }
}

/** Names a session in logs without giving it away: whoever knows its id may use it. */
export function sessionMark(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 12)
}

function describeStatement({
  sql,
  outcome,
  code,
  queryId,
  rows,
  durationMs,
}: StatementRecord): Readonly<Record<string, unknown>> {
  const tokens = tokenize(sql)
  const text = normalizeStatement(sql, tokens)
  const [statement] = splitStatements(tokens)
  return {
    class: statement === undefined ? 'none' : statementClass(statement),
    fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 16),
    sql: text.length > longestSql ? `${text.slice(0, longestSql - 1)}…` : text,
    objects: namedObjects(sql, tokens),
    outcome,
    code,
    queryId,
    rows,
    durationMs: round(durationMs),
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
