import { z } from 'zod'
import { queryIdArgument, requireOwn } from './query-ids.ts'
import { defineTool } from './tool.ts'

export const cancelQuery = defineTool({
  name: 'cancel_query',
  title: 'Cancel a query',
  description: 'Ends a query of yours in Snowflake.',
  input: z.strictObject({ id: queryIdArgument }),
  output: z.object({ id: z.string(), cancelled: z.boolean(), state: z.string(), requestId: z.string() }),
  missingArguments: 'id parameter is required',
  failurePrefix: 'Error cancelling query',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  async run({ id }, { queries, requestId }) {
    const query = requireOwn(queries, id)
    const cancelled = query.cancel()
    const { state } = query.record()
    const text = cancelled ? `Query ${id} is being cancelled.` : `Query ${id} had ended already: ${state}.`
    return { text, structured: { id, cancelled, state, requestId } }
  },
})
