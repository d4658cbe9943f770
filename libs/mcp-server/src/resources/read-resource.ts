import { quoteLiteral } from '@squall/sql-policy'
import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import type { Reader } from '../snowflake/reader.ts'
import { mostRows } from '../tools/arguments.ts'
import { explainMissing } from '../tools/missing-object.ts'
import { toSql, toText } from '../tools/object-name.ts'
import { columnReader } from '../tools/result-columns.ts'
import { defineTool } from '../tools/tool.ts'
import { parseUri, renderUri, type ResourceParts } from './resource-uri.ts'

type Facts = Readonly<Record<string, unknown>>

/** `resources/read`: what a database, schema, table or view is made of, as JSON. */
export const readResource = defineTool({
  name: 'resources/read',
  title: 'Read a resource',
  description: 'Describes a database, schema, table or view.',
  input: z.strictObject({ uri: z.string('an address as text') }),
  output: z.object({ contents: z.array(z.any()) }),
  missingArguments: 'uri parameter is required',
  failurePrefix: 'Error reading resource',
  async run({ uri }, { withReader }) {
    const parts = parseUri(uri)
    const [database, schema, object] = parts
    const facts = await withReader((reader) =>
      explainMissing(reader, { database, schema, ...(object !== undefined && { object }) }, () => describe(reader, parts)),
    )
    const text = JSON.stringify(facts, undefined, 2)
    return { text: '', structured: { contents: [{ uri, mimeType: 'application/json', text }] } }
  },
})

function describe(reader: Reader, parts: ResourceParts): Promise<Facts> {
  const [database, schema, object] = parts
  if (schema === undefined) return describeDatabase(reader, database)
  return object === undefined ? describeSchema(reader, database, schema) : describeObject(reader, [database, schema, object])
}

async function describeDatabase(reader: Reader, database: string): Promise<Facts> {
  const result = await reader.read(`SHOW SCHEMAS IN DATABASE ${toSql(database)}`, { maxRows: mostRows })
  const [name, comment] = [columnReader(result, 'name'), columnReader(result, 'comment')]
  const schemas = result.rows.map((row) => ({ name: name(row), comment: comment(row), uri: renderUri([database, name(row)]) }))
  return { kind: 'database', name: toText(database), schemas, truncated: result.truncated }
}

async function describeSchema(reader: Reader, database: string, schema: string): Promise<Facts> {
  const result = await reader.read(`SHOW OBJECTS IN SCHEMA ${toSql(database, schema)}`, { maxRows: mostRows })
  const [name, kind, comment] = [columnReader(result, 'name'), columnReader(result, 'kind'), columnReader(result, 'comment')]
  const objects = result.rows.map((row) => ({
    kind: kindOf(kind(row)),
    name: name(row),
    comment: comment(row),
    uri: renderUri([database, schema, name(row)]),
  }))
  return { kind: 'schema', name: toText(database, schema), objects, truncated: result.truncated }
}

async function describeObject(reader: Reader, parts: readonly [string, string, string]): Promise<Facts> {
  const name = toSql(...parts)
  const description = await reader.read(`DESCRIBE TABLE ${name}`, { maxRows: mostRows })
  const objects = await reader.read(`SHOW OBJECTS IN SCHEMA ${toSql(parts[0], parts[1])}`, { maxRows: mostRows })
  const [objectName, objectKind] = [columnReader(objects, 'name'), columnReader(objects, 'kind')]
  const row = objects.rows.find((row) => objectName(row) === parts[2])
  const kind = row === undefined ? 'table' : kindOf(objectKind(row))
  const comment = row === undefined ? '' : columnReader(objects, 'comment')(row)
  const definition = kind === 'view' ? { definition: await readDefinition(reader, name) } : {}
  return { kind, name: toText(...parts), comment, columns: toColumns(description), ...definition }
}

async function readDefinition(reader: Reader, name: string): Promise<unknown> {
  const ddl = await reader.read(`SELECT GET_DDL('VIEW', ${quoteLiteral(name)})`, { maxRows: 1 })
  return ddl.rows[0]?.[0] ?? null
}

function toColumns(description: StatementResult): Facts[] {
  const [name, type] = [columnReader(description, 'name'), columnReader(description, 'type')]
  const [nullable, comment] = [columnReader(description, 'null?'), columnReader(description, 'comment')]
  return description.rows.map((row) => ({
    name: name(row),
    type: type(row),
    nullable: nullable(row) === 'Y',
    comment: comment(row),
  }))
}

function kindOf(kind: string): string {
  return /view/i.test(kind) ? 'view' : 'table'
}
