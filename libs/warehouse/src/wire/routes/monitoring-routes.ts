import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Warehouses } from '../../compute/warehouses.ts'
import type { WarehouseEngine } from '../../engine/engine.ts'
import type { QueryRecord } from '../../history/query-record.ts'
import { toSuccess, type Envelope } from '../replies/envelope.ts'
import type { Outcome, Statement } from '../statements/statement.ts'
import type { WireParts } from '../wire-parts.ts'

const queryIdParams = z.object({ queryId: z.string() })

/** What a statement is doing; and the telemetry of drivers, which is taken and dropped. */
export function addMonitoringRoutes(app: FastifyInstance, { sessions, statements, engine }: WireParts): void {
  app.get('/monitoring/queries/:queryId', ({ headers, params }): Envelope => {
    const session = sessions.authenticate(headers.authorization)
    const statement = statements.byQueryId(session, queryIdParams.parse(params).queryId)
    return toSuccess({ queries: statement ? [toQueryStatus(statement, engine)] : [] })
  })

  app.post('/telemetry/send', (): Envelope => toSuccess('Log Received'))
}

function toQueryStatus(statement: Statement, { history, warehouses }: WarehouseEngine): object {
  const { queryId, session, request, outcome, startedWallMs, durationMs, finishedMs } = statement
  const error = outcome?.kind === 'failure' ? outcome.error : undefined
  const record = history.get(queryId)
  return {
    id: queryId,
    status: toStatus(outcome, record, warehouses),
    sqlText: request.sqlText,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? '',
    sessionId: Number(session.id),
    userName: session.user,
    warehouseName: record ? record.warehouse : session.engine.context.warehouse,
    queryTag: record?.tag ?? '',
    startTime: startedWallMs,
    endTime: finishedMs === undefined ? 0 : startedWallMs + Math.round(durationMs),
    totalDuration: Math.round(durationMs),
    queuedOverloadTime: Math.round(record?.overloadMs ?? 0),
    queuedProvisioningTime: Math.round(record?.provisioningMs ?? 0),
    executionTime: Math.round(record?.executionMs ?? 0),
  }
}

function toStatus(outcome: Outcome | undefined, record: QueryRecord | undefined, warehouses: Warehouses): string {
  if (outcome) return outcome.kind === 'success' ? 'SUCCESS' : 'FAILED_WITH_ERROR'
  if (record?.phase !== 'QUEUED') return 'RUNNING'
  return warehouses.get(record.warehouse)?.status === 'RESUMING' ? 'RESUMING_WAREHOUSE' : 'QUEUED'
}
