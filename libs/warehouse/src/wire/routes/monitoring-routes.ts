import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { toSuccess, type Envelope } from '../replies/envelope.ts'
import type { Outcome, Statement } from '../statements/statement.ts'
import type { WireParts } from '../wire-parts.ts'

const queryIdParams = z.object({ queryId: z.string() })

/** What a statement is doing; and the telemetry of drivers, which is taken and dropped. */
export function addMonitoringRoutes(app: FastifyInstance, { sessions, statements }: WireParts): void {
  app.get('/monitoring/queries/:queryId', ({ headers, params }): Envelope => {
    const session = sessions.authenticate(headers.authorization)
    const statement = statements.byQueryId(session, queryIdParams.parse(params).queryId)
    return toSuccess({ queries: statement ? [toQueryStatus(statement)] : [] })
  })

  app.post('/telemetry/send', (): Envelope => toSuccess('Log Received'))
}

function toQueryStatus(statement: Statement): object {
  const { queryId, session, request, outcome, startedWallMs, durationMs, finishedMs } = statement
  const error = outcome?.kind === 'failure' ? outcome.error : undefined
  return {
    id: queryId,
    status: toStatus(outcome),
    sqlText: request.sqlText,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? '',
    sessionId: Number(session.id),
    userName: session.user,
    warehouseName: session.engine.context.warehouse,
    startTime: startedWallMs,
    endTime: finishedMs === undefined ? 0 : startedWallMs + Math.round(durationMs),
    totalDuration: Math.round(durationMs),
  }
}

function toStatus(outcome: Outcome | undefined): string {
  if (!outcome) return 'RUNNING'
  return outcome.kind === 'success' ? 'SUCCESS' : 'FAILED_WITH_ERROR'
}
