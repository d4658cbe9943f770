import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Bind } from '../../engine/engine.ts'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { toSuccess, type Envelope } from '../replies/envelope.ts'
import { toQueryReply, toRunningReply } from '../replies/query-reply.ts'
import type { Counters } from '../counters.ts'
import { ServedResult } from '../results/served-result.ts'
import type { WireSession } from '../sessions/wire-session.ts'
import { runMany, splitRequest } from '../statements/run-many.ts'
import { Statement, type StatementRequest, type StatementRunner } from '../statements/statement.ts'
import type { WireParts } from '../wire-parts.ts'
import { toChunkUrl } from './chunk-routes.ts'

const cell = z.string().nullable()
const bind = z.object({ type: z.string(), value: z.union([cell, z.array(cell)]).default(null) })
const queryBody = z.object({
  sqlText: z.string(),
  bindings: z.record(z.string().regex(/^\d+$/), bind).nullish(),
  describeOnly: z.boolean().default(false),
  asyncExec: z.boolean().default(false),
  parameters: z.record(z.string(), z.unknown()).nullish(),
})
const requestIdQuery = z.object({ requestId: z.string().min(1) })
const abortBody = z.object({ requestId: z.string() })
const queryIdParams = z.object({ queryId: z.string() })

/** Running statements, waiting for them, fetching their results again, cancelling them. */
export function addQueryRoutes(app: FastifyInstance, parts: WireParts): void {
  const { sessions, statements } = parts

  app.post('/queries/v1/query-request', (request) => runStatement(parts, request))
  app.get('/queries/:queryId/result', (request) => fetchResult(parts, request))

  app.post('/queries/v1/abort-request', (request): Envelope => {
    const session = sessions.authenticate(request.headers.authorization)
    return cancel(statements.byRequestId(session, abortBody.parse(request.body).requestId))
  })

  app.post('/queries/:queryId/abort-request', (request): Envelope => {
    const session = sessions.authenticate(request.headers.authorization)
    return cancel(statements.byQueryId(session, queryIdParams.parse(request.params).queryId))
  })
}

async function runStatement(parts: WireParts, request: FastifyRequest): Promise<Envelope> {
  const session = parts.sessions.authenticate(request.headers.authorization)
  const { requestId } = requestIdQuery.parse(request.query)
  const body = queryBody.parse(request.body)
  // A driver that lost the reply asks again under the same id; the statement must not run twice.
  const sentBefore = parts.statements.byRequestId(session, requestId)
  const statement = sentBefore ?? startAll(parts, session, toStatementRequest(requestId, body, session), body.parameters)
  return body.asyncExec ? toRunningReply(statement, true) : answer(parts, request, statement)
}

async function fetchResult(parts: WireParts, request: FastifyRequest): Promise<Envelope> {
  const session = parts.sessions.authenticate(request.headers.authorization)
  const { queryId } = queryIdParams.parse(request.params)
  const statement = parts.statements.byQueryId(session, queryId)
  if (!statement) throw new SnowflakeError('000709', '02000', `Statement ${queryId} not found`)
  return answer(parts, request, statement)
}

/** Starts a request's one statement, or one that stands for all of them. */
function startAll(
  parts: WireParts,
  session: WireSession,
  request: StatementRequest,
  parameters: z.infer<typeof queryBody>['parameters'],
): Statement {
  const wanted = Number(parameters?.[countParameter] ?? session.engine.parameters.get(countParameter) ?? 1)
  const several = splitRequest(request, wanted)
  return several
    ? add(parts, session, request, (_sql, { signal }) =>
        runMany(several, (one) => start(parts, session, one), signal, parts.limits),
      )
    : start(parts, session, request)
}

const countParameter = 'MULTI_STATEMENT_COUNT'

function start(parts: WireParts, session: WireSession, request: StatementRequest): Statement {
  const execute: StatementRunner['execute'] = async (sql, options) =>
    ServedResult.open(await session.engine.execute(sql, options), parts.limits)
  return add(parts, session, request, execute)
}

function add(parts: WireParts, session: WireSession, request: StatementRequest, execute: StatementRunner['execute']): Statement {
  const { clock, reportBug, faults } = parts
  const statement = new Statement(session, request, {
    clock,
    reportBug,
    beforeRun: (one, signal) => faults.strike(one, signal),
    execute,
  })
  parts.statements.add(statement)
  void count(parts.counters, statement)
  return statement
}

/** Never rejects, since `finished` does not. */
async function count(counters: Counters, statement: Statement): Promise<void> {
  counters.statementsStarted += 1
  await statement.finished
  const { outcome } = statement
  if (outcome?.kind === 'success') counters.statementsSucceeded += 1
  else if (outcome?.isCancelled === true) counters.statementsCancelled += 1
  else counters.statementsFailed += 1
}

/** Waits for the statement to end, but no longer than a driver waits for a reply. */
async function answer(parts: WireParts, request: FastifyRequest, statement: Statement): Promise<Envelope> {
  await finishedWithin(parts, statement)
  if (!statement.outcome) return toRunningReply(statement, false)
  const base = `${request.protocol}://${request.host}`
  return toQueryReply(statement, (queryId, index) => base + toChunkUrl(parts.addressSigner, queryId, index))
}

async function finishedWithin({ clock, limits }: WireParts, statement: Statement): Promise<void> {
  if (statement.outcome) return
  const { promise: tooLong, resolve } = Promise.withResolvers<void>()
  const timer = clock.at(clock.monotonicMs() + limits.longestReplyMs, resolve)
  await Promise.race([statement.finished, tooLong])
  timer.cancel()
}

function cancel(statement: Statement | undefined): Envelope {
  if (statement?.cancel()) return toSuccess(null)
  throw new SnowflakeError('000605', '57014', 'Identified SQL statement is not currently executing.')
}

function toStatementRequest(requestId: string, body: z.infer<typeof queryBody>, session: WireSession): StatementRequest {
  const { sqlText, describeOnly, bindings, parameters } = body
  const timeoutSeconds = Number(parameters?.[timeoutParameter] ?? session.engine.parameters.get(timeoutParameter) ?? 0)
  const timeoutMs = timeoutSeconds > 0 ? timeoutSeconds * 1000 : undefined
  return { requestId, sqlText, describeOnly, binds: toBinds(bindings ?? {}), timeoutMs }
}

const timeoutParameter = 'STATEMENT_TIMEOUT_IN_SECONDS'

/** Binds travel as an object from their number, counted from 1. */
function toBinds(bindings: Readonly<Record<string, Bind>>): Bind[] {
  return Object.entries(bindings)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, bind]) => bind)
}
