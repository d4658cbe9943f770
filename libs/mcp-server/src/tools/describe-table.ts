import type { StatementResult } from '@squall/snowflake'
import { quoteLiteral } from '@squall/sql-policy'
import { z } from 'zod'
import { databaseArgument, mostRows, schemaArgument, tableArgument } from './arguments.ts'
import { defaultSchema } from './list-views.ts'
import { explainMissing } from './missing-object.ts'
import { toSql, toText } from './object-name.ts'
import { columnReader, numberReader } from './result-columns.ts'
import { defineTool } from './tool.ts'

const column = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  primaryKey: z.boolean(),
  comment: z.string(),
})

export const describeTable = defineTool({
  name: 'describe_table',
  title: 'Describe a table',
  description: 'Gives the columns of a table (or view) with types, keys and comments, and its number of rows.',
  input: z.strictObject({ database: databaseArgument, schema: schemaArgument, table: tableArgument }),
  output: z.object({
    database: z.string(),
    schema: z.string(),
    table: z.string(),
    columns: z.array(column),
    rows: z.number().optional(),
    comment: z.string(),
    queryId: z.string(),
    requestId: z.string(),
  }),
  missingArguments: 'database and table parameters are required',
  failurePrefix: 'Error describing table',
  async run({ database, schema = defaultSchema, table }, { withReader, requestId }) {
    const name = toSql(database, schema, table)
    const [description, facts] = await withReader((reader) =>
      explainMissing(
        reader,
        { database, schema, object: table },
        async () =>
          [
            await reader.read(`DESCRIBE TABLE ${name}`, { maxRows: mostRows }),
            await reader.read(`SHOW TABLES LIKE ${quoteLiteral(likeExactly(table))} IN SCHEMA ${toSql(database, schema)}`, {
              maxRows: 100,
            }),
          ] as const,
      ),
    )
    const found = { columns: toColumns(description), ...factsOf(facts, table) }
    return {
      text: render(toText(database, schema, table), requestId, found),
      structured: { database, schema, table, ...found, queryId: description.queryId, requestId },
    }
  },
})

interface Found {
  readonly columns: z.output<typeof column>[]
  readonly rows?: number
  readonly comment: string
}

/** A pattern for LIKE that only the name itself matches, whatever its case. */
export function likeExactly(name: string): string {
  return name.replaceAll(/[\\%_]/g, String.raw`\$&`)
}

function toColumns(description: StatementResult): Found['columns'] {
  const [name, type, nullable, key, comment] = ['name', 'type', 'null?', 'primary key', 'comment'].map((column) =>
    columnReader(description, column),
  ) as [Read, Read, Read, Read, Read]
  return description.rows.map((row) => ({
    name: name(row),
    type: type(row),
    nullable: nullable(row) === 'Y',
    primaryKey: key(row) === 'Y',
    comment: comment(row),
  }))
}

type Read = ReturnType<typeof columnReader>

function factsOf(facts: StatementResult, table: string): Pick<Found, 'rows' | 'comment'> {
  // SHOW … LIKE does not mind case, and the table may be a view, which it does not show.
  const name = columnReader(facts, 'name')
  const row = facts.rows.find((row) => name(row) === table)
  if (row === undefined) return { comment: '' }
  const rows = numberReader(facts, 'rows')(row)
  return { ...(rows !== undefined && { rows }), comment: columnReader(facts, 'comment')(row) }
}

function render(table: string, requestId: string, { columns, rows, comment }: Found): string {
  const lines = columns.map(({ name, type, nullable, primaryKey, comment }) => {
    const key = primaryKey ? ' PRIMARY KEY' : ''
    return `- ${name} : ${type} ${nullable ? 'NULL' : 'NOT NULL'}${key}${comment === '' ? '' : ` (${comment})`}\n`
  })
  const about = [comment, rows === undefined ? '' : `${rows} rows`].filter((fact) => fact !== '').join('\n')
  return `## Table: ${table}\n\nRequest ID: ${requestId}\n\n${about === '' ? '' : `${about}\n\n`}### Columns:\n${lines.join('')}`
}
