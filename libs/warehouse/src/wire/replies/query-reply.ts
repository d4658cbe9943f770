import type { ServedResult } from '../results/served-result.ts'
import type { Statement } from '../statements/statement.ts'
import { toFailure, toSuccess, type Envelope } from './envelope.ts'
import { toRowTypeEntry } from './row-type.ts'
import { toNamedParameters } from './session-parameters.ts'

/** Makes the address of a chunk of a statement's result. */
export type ChunkAddress = (queryId: string, index: number) => string

/** The reply to a statement that has ended. */
export function toQueryReply(statement: Statement, chunkAddress: ChunkAddress): Envelope {
  const { outcome, queryId } = statement
  if (!outcome) throw new Error(`statement ${queryId} still runs`)
  if (outcome.kind === 'failure') return toFailure(outcome.error, queryId)
  return toSuccess({ ...toSessionState(statement), ...toRows(outcome.result, queryId, chunkAddress) })
}

function toSessionState({ queryId, session }: Statement): object {
  const { context } = session.engine
  return {
    queryId,
    parameters: toNamedParameters(session),
    finalDatabaseName: context.database,
    finalSchemaName: context.schema,
    finalWarehouseName: context.warehouse,
    finalRoleName: context.role,
  }
}

function toRows(result: ServedResult, queryId: string, chunkAddress: ChunkAddress): object {
  const { columns, inlineRows, chunkRowCounts, rowCount, statementTypeId, parts } = result
  const chunks = chunkRowCounts.map((rows, index) => ({ url: chunkAddress(queryId, index), rowCount: rows }))
  return {
    rowtype: columns.map(toRowTypeEntry),
    rowset: inlineRows,
    total: rowCount,
    returned: rowCount,
    statementTypeId,
    version: 1,
    queryResultFormat: 'json',
    ...(parts.length > 0 && {
      resultIds: parts.map((part) => part.queryId).join(','),
      resultTypes: parts.map((part) => part.statementTypeId).join(','),
    }),
    // Without headers of their own chunks would be asked for with ones meant for cloud storage.
    ...(chunks.length > 0 && { chunks, chunkHeaders: {} }),
  }
}

/** The reply to a statement that is still running: `333333` to one who waits, `333334` to one who asked not to. */
export function toRunningReply({ queryId }: Statement, isAsync: boolean): Envelope {
  return {
    success: true,
    code: isAsync ? '333334' : '333333',
    message: isAsync
      ? 'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.'
      : null,
    data: { queryId, getResultUrl: `/queries/${queryId}/result`, queryAbortsAfterSecs: 300, progressDesc: null },
  }
}
