import { z } from 'zod'
import { queryIdArgument, recordOutput, requireOwn, toOutput } from './query-ids.ts'
import { defineTool } from './tool.ts'

export const queryStatus = defineTool({
  name: 'query_status',
  title: 'Ask how a query is doing',
  description: 'Says whether a query of yours waits, runs or ended, and how to read its rows. Without an id: all that run.',
  input: z.strictObject({ id: queryIdArgument.optional() }),
  output: z.object({ queries: z.array(z.object(recordOutput)), requestId: z.string() }),
  failurePrefix: 'Error reading query status',
  async run({ id }, { queries, requestId }) {
    const found = id === undefined ? queries.running() : [requireOwn(queries, id)]
    const records = found.slice(0, mostListed).map((query) => toOutput(query.record()))
    const text = records.length === 0 ? 'No query of yours runs.' : records.map(describe).join('\n\n')
    return { text, structured: { queries: records, requestId } }
  },
})

const mostListed = 100

function describe({
  requestId,
  tool,
  state,
  startedAt,
  durationMs,
  queryId,
  cursor,
  error,
}: ReturnType<typeof toOutput>): string {
  return [
    `Query ${requestId} (${tool}): ${state}`,
    `Started ${startedAt}, ${state === 'waiting' || state === 'running' ? 'for' : 'took'} ${durationMs} ms`,
    ...(queryId === undefined ? [] : [`Query ID: ${queryId}`]),
    ...(cursor === undefined ? [] : [`Read its rows with read_result, cursor ${cursor}`]),
    ...(error === undefined ? [] : [`Error: ${error}`]),
  ].join('\n')
}
