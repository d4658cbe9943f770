import { z } from 'zod'
import { CodedError } from '@squall/errors'
import { mcpServerErrors } from '../errors.ts'
import { parseCursor } from '../results/cursor.ts'
import { readPage } from '../results/read-on.ts'
import { renderRows } from '../text/render-rows.ts'
import { formatArgument, limitArgument } from './arguments.ts'
import { incompleteNote, rowsOutput, toRows } from './rows.ts'
import { defineTool } from './tool.ts'

export const readResult = defineTool({
  name: 'read_result',
  title: 'Read on in a result',
  description: 'Gives further rows of a result that was cut, or the rows of a query that ran in the background.',
  input: z.strictObject({
    cursor: z.string('a cursor as text').max(100, 'a cursor as an answer gave it').meta({ description: 'As an answer gave it' }),
    limit: limitArgument(100),
    format: formatArgument,
  }),
  output: z.object({ firstRow: z.int(), restarted: z.boolean().optional(), ...rowsOutput }),
  missingArguments: 'cursor parameter is required',
  failurePrefix: 'Error reading result',
  async run({ cursor: text, limit, format }, { withReader, results, maxPagedRows, requestId }) {
    const wanted = parseCursor(text)
    if (wanted === undefined) throw notACursor(text)
    const page = await withReader((reader) => readPage(reader, results, wanted, { maxRows: limit, maxPagedRows }))
    const { result, firstRow, cursor } = page
    const restarted = firstRow === wanted.row ? {} : { restarted: true }
    const structured = { firstRow, ...restarted, ...toRows(result, requestId, cursor) }
    if (format !== 'markdown') return { text: renderRows(format, result), structured }
    const anew = firstRow === wanted.row ? '' : `${startedOver}\n\n`
    const head = `## Rows ${firstRow + 1} to ${firstRow + result.rows.length}\n\nRequest ID: ${requestId}\n\n`
    return { text: `${anew}${head}${renderRows('markdown', result)}${incompleteNote(result, cursor)}`, structured }
  },
})

const startedOver =
  'The rows came in another order, or changed, since the first of them were read: these begin with the first row again. ORDER BY keeps an order.'

function notACursor(value: string): CodedError {
  const problems = [{ where: 'cursor', value, expected: 'a cursor, as an answer that was cut gave it' }]
  return new CodedError(mcpServerErrors.MCP_BAD_ARGUMENTS, { message: 'the arguments are not right', problems })
}
