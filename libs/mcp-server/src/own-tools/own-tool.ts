import type { Bind, Place } from '@squall/snowflake'
import { bindNames, clampLimit } from '@squall/sql-policy'
import { z } from 'zod'
import { renderRows } from '../text/render-rows.ts'
import { columnOutput, incompleteNote, rowsOutput, toRows } from '../tools/rows.ts'
import { defineTool, type Tool } from '../tools/tool.ts'
import type { OwnTool } from './own-tool-schema.ts'
import { parameterArgument } from './parameter-argument.ts'

/** Makes a tool of an operator's definition. Values reach Snowflake as binds, never as part of the SQL. */
export function ownTool(definition: OwnTool, place: Place): Tool {
  const { name, title = name, description, parameters, sql, limit } = definition
  const bound = bindNames(sql)
  const statement = clampLimit(bound.sql, limit + 1)
  const shape = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterArgument(parameter)]))
  const required = parameters.filter((parameter) => parameter.required && parameter.default === undefined)
  return defineTool({
    name,
    title,
    description,
    input: z.strictObject(shape),
    output: z.object({ ...rowsOutput, columns: z.array(columnOutput) }),
    ...(required.length > 0 && { missingArguments: missingArguments(required.map((parameter) => parameter.name)) }),
    failurePrefix: `Error running ${name}`,
    async run(args, { withReader, requestId }) {
      const binds = bound.names.map((parameter) => toBind(args[parameter]))
      const result = await withReader((reader) => reader.read(statement, { binds, maxRows: limit, context: place }))
      const head = `## ${title} (${result.rows.length} rows)\n\nRequest ID: ${requestId}\n\n`
      return {
        text:
          result.rows.length === 0 ? 'There are no such rows.' : head + renderRows('markdown', result) + incompleteNote(result),
        structured: { ...toRows(result, requestId) },
      }
    },
  })
}

function missingArguments(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} parameter is required` : `${names.join(' and ')} parameters are required`
}

/** What was not given is NULL; the schema lets nothing through that is no bind. */
function toBind(value: unknown): Bind {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
