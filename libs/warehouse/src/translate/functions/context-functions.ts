import { stringValue } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../../engine/snowflake-errors.ts'
import { leafToken } from '../node-cursor.ts'
import { quoteText } from '../quote.ts'
import type { Scope } from '../scope.ts'
import type { FunctionCall, FunctionTable } from './function-translation.ts'

/** What CURRENT_VERSION() says: a version of our own, so that nobody takes the emulator for the real thing. */
const version = '9.0.0-local'

function textOrNull(value: string | null): string {
  return value === null ? 'CAST(NULL AS VARCHAR)' : quoteText(value)
}

const now = 'now()'
// Not `current_date`: DuckDB would take the column's own name for it.
const currentDate = 'CAST(CAST(now() AS TIMESTAMP) AS DATE)'
const currentTime = 'CAST(CAST(now() AS TIMESTAMP) AS TIME)'

/** Functions Snowflake also takes without brackets. */
export const wordFunctions: ReadonlyMap<string, (scope: Scope) => string> = new Map(
  Object.entries({
    CURRENT_TIMESTAMP: () => now,
    LOCALTIMESTAMP: () => now,
    CURRENT_DATE: () => currentDate,
    CURRENT_TIME: () => currentTime,
    LOCALTIME: () => currentTime,
    CURRENT_USER: ({ session }: Scope) => quoteText(session.context.user),
    CURRENT_ROLE: ({ session }: Scope) => quoteText(session.context.role),
  }),
)

/** Functions that tell about the session and the moment. */
export const contextFunctions: FunctionTable = {
  CURRENT_TIMESTAMP: () => now,
  LOCALTIMESTAMP: () => now,
  GETDATE: () => now,
  SYSTIMESTAMP: () => now,
  SYSDATE: () => "timezone('UTC', now())",
  CURRENT_DATE: () => currentDate,
  CURRENT_TIME: () => currentTime,
  LOCALTIME: () => currentTime,
  CURRENT_DATABASE: ({ scope }) => textOrNull(scope.session.context.database),
  CURRENT_SCHEMA: ({ scope }) => textOrNull(scope.session.context.schema),
  CURRENT_SCHEMAS: ({ scope }) => currentSchemas(scope),
  CURRENT_WAREHOUSE: ({ scope }) => textOrNull(scope.session.context.warehouse),
  CURRENT_ROLE: ({ scope }) => quoteText(scope.session.context.role),
  CURRENT_ROLE_TYPE: () => "'ROLE'",
  CURRENT_AVAILABLE_ROLES: ({ scope }) => quoteText(JSON.stringify(scope.session.availableRoles())),
  CURRENT_SECONDARY_ROLES: ({ scope }) => quoteText(JSON.stringify(secondaryRoles(scope))),
  IS_ROLE_IN_SESSION: isRoleInSession,
  INVOKER_ROLE: ({ scope }) => quoteText(scope.session.context.role),
  CURRENT_USER: ({ scope }) => quoteText(scope.session.context.user),
  CURRENT_SESSION: ({ scope }) => quoteText(scope.session.sessionId),
  CURRENT_STATEMENT: ({ scope }) => quoteText(scope.source),
  CURRENT_TRANSACTION: ({ scope }) => textOrNull(scope.session.transactionId),
  CURRENT_VERSION: () => quoteText(version),
  CURRENT_CLIENT: () => "''",
  CURRENT_ACCOUNT: () => "'LOCAL'",
  CURRENT_ACCOUNT_NAME: () => "'LOCAL'",
  CURRENT_ORGANIZATION_NAME: () => "'SQUALL'",
  CURRENT_REGION: () => "'LOCAL'",
  CURRENT_IP_ADDRESS: () => "'127.0.0.1'",
  LAST_QUERY_ID: (call) => textOrNull(call.scope.session.lastQueryId(queryPosition(call))),
  GET_DDL: getDdl,
  SYSTEM$WAIT: wait,
  SYSTEM$TYPEOF: ({ arg }) => `typeof(${arg(0)})`,
}

function isRoleInSession(call: FunctionCall): string {
  const { session } = call.scope
  const role = literal(call, 0)
  const isInUse = role === session.context.role || (session.hasSecondaryRoles && session.availableRoles().includes(role))
  return isInUse ? 'TRUE' : 'FALSE'
}

function secondaryRoles({ session }: Scope): object {
  if (!session.hasSecondaryRoles) return { roles: '', value: '' }
  return {
    roles: session
      .availableRoles()
      .filter((name) => name !== session.context.role)
      .join(','),
    value: 'ALL',
  }
}

function currentSchemas({ session: { context } }: Scope): string {
  const known = context.database !== null && context.schema !== null
  return quoteText(known ? JSON.stringify([`${context.database}.${context.schema}`]) : '[]')
}

/** Arguments that have to be literals, since the answer is put into the text of the statement. */
function literal(call: FunctionCall, index: number): string {
  const [node, ...more] = call.args[index] ?? []
  const token = leafToken(node)
  if (token === undefined || more.length > 0) throw syntaxError(call.token)
  const text = token.kind === 'bind' ? call.scope.session.bindLiteral(token).replaceAll("'", '') : stringValue(token)
  if (text === undefined) throw unsupportedFeature(`${call.name} of an expression`, token)
  return text
}

/** LAST_QUERY_ID(), LAST_QUERY_ID(-2), LAST_QUERY_ID(1). */
function queryPosition({ args, token, name }: FunctionCall): number {
  if (args.length === 0) return -1
  const text = args[0]?.map((node) => leafToken(node)?.text ?? '?').join('') ?? ''
  if (args.length > 1 || !/^-?\d+$/.test(text)) throw unsupportedFeature(`${name} of an expression`, token)
  return Number(text)
}

function getDdl(call: FunctionCall): string {
  return quoteText(call.scope.session.objectDdl(literal(call, 0).toUpperCase(), literal(call, 1), call.token))
}

/** SYSTEM$WAIT(seconds): the statement waits before it runs, and the text says so. */
function wait(call: FunctionCall): string {
  const amount = leafToken(call.args[0]?.[0])
  const seconds = Number(amount?.text)
  if (amount?.kind !== 'number' || call.args.length > 2) throw unsupportedFeature('SYSTEM$WAIT of an expression', call.token)
  const unit = call.args.length === 2 ? literal(call, 1).toUpperCase() : 'SECONDS'
  const factor = secondsByUnit.get(unit)
  if (factor === undefined) throw syntaxError(call.token)
  call.scope.session.delayStatement(seconds * factor)
  return quoteText(`waited ${amount.text} ${unit.toLowerCase()}`)
}

const secondsByUnit = new Map([
  ['DAYS', 86_400],
  ['HOURS', 3600],
  ['MINUTES', 60],
  ['SECONDS', 1],
  ['MILLISECONDS', 0.001],
])
