import { CodedError } from '@squall/errors'
import { z } from 'zod'
import { mcpServerErrors } from '../errors.ts'
import type { LoggedQuery, QueryRecord } from '../queries/query-log.ts'
import type { OwnQueries } from './tool.ts'

/** An argument that names a query by an id that an answer gave. */
export const queryIdArgument = z
  .string('an id as text')
  .max(100, 'an id of at most 100 characters')
  .meta({ description: 'Request or query id' })

export const recordOutput = {
  requestId: z.string(),
  tool: z.string(),
  state: z.string(),
  startedAt: z.string(),
  durationMs: z.int(),
  queryId: z.string().optional(),
  cursor: z.string().optional(),
  error: z.string().optional(),
}

type Output = z.output<z.ZodObject<typeof recordOutput>>

export function toOutput({ requestId, tool, state, startedWallMs, durationMs, queryId, cursor, error }: QueryRecord): Output {
  return {
    requestId,
    tool,
    state,
    startedAt: new Date(startedWallMs).toISOString(),
    durationMs,
    ...(queryId !== undefined && { queryId }),
    ...(cursor !== undefined && { cursor }),
    ...(error !== undefined && { error }),
  }
}

/** @throws CodedError MCP_NO_SUCH_RESULT, for those of others too. */
export function requireOwn(queries: OwnQueries, id: string): LoggedQuery {
  const query = queries.find(id)
  if (query !== undefined) return query
  throw new CodedError(mcpServerErrors.MCP_NO_SUCH_RESULT, {
    message: 'the id names no query of yours, or one that is no longer remembered',
    hint: 'Use the request id or query id that an answer of this server gave you; query_status without an id lists what runs.',
  })
}
