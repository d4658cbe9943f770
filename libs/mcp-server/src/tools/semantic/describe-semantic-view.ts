import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import { databaseArgument, mostRows, nameArgument, schemaArgument } from '../arguments.ts'
import { defaultSchema } from '../list-views.ts'
import { toSql, toText } from '../object-name.ts'
import { columnReader } from '../result-columns.ts'
import { defineTool } from '../tool.ts'

export const semanticViewArgument = nameArgument('view', 'As list_semantic_views gives it')

export const describeSemanticView = defineTool({
  name: 'describe_semantic_view',
  title: 'Describe a semantic view',
  description: 'Gives the metrics, dimensions and facts of a semantic view, by the names query_semantic_view takes.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument, view: semanticViewArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    view: z.string(),
    parts: z.array(z.object({ kind: z.string(), name: z.string(), properties: z.record(z.string(), z.string()) })),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database and view parameters are required',
  failurePrefix: 'Error describing semantic view',
  async run({ database, schema = defaultSchema, view }, { withReader, requestId }) {
    const result = await withReader((reader) =>
      reader.read(`DESCRIBE SEMANTIC VIEW ${toSql(database, schema, view)}`, { maxRows: mostRows }),
    )
    const parts = toParts(result)
    const lines = parts.map(({ kind, name, properties }) => {
      const facts = Object.entries(properties).map(([key, value]) => `${key} ${value}`)
      return `- ${kind} ${name}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
    })
    return {
      text: `## Semantic view: ${toText(database, schema, view)}\n\nRequest ID: ${requestId}\n\n${lines.join('\n')}\n`,
      structured: { database, schema, view, parts, queryId: result.queryId, requestId },
    }
  },
})

interface Part {
  kind: string
  name: string
  properties: Record<string, string>
}

/** Snowflake gives a row for each property of each part: what the part is, its name, its table, the property and its value. */
function toParts(result: StatementResult): Part[] {
  const [kind, name, parent, property, value] = (
    ['object_kind', 'object_name', 'parent_entity', 'property', 'property_value'] as const
  ).map((column) => columnReader(result, column)) as [Read, Read, Read, Read, Read]
  const parts = new Map<string, Part>()
  for (const row of result.rows) {
    // Rows about the view itself name no part.
    if (kind(row) === '') continue
    const full = parent(row) === '' ? name(row) : `${parent(row)}.${name(row)}`
    const key = `${kind(row)} ${full}`
    const part = parts.get(key) ?? { kind: kind(row).toLowerCase(), name: full, properties: {} }
    part.properties[property(row).toLowerCase()] = value(row)
    parts.set(key, part)
  }
  return [...parts.values()]
}

type Read = ReturnType<typeof columnReader>
