import { CodedError } from '@squall/errors'
import { parseObjectName } from '@squall/sql-policy'
import { z } from 'zod'
import type { Reader } from '../snowflake/reader.ts'
import { mostRows } from '../tools/arguments.ts'
import { isMissing } from '../tools/missing-object.ts'
import { toSql, toText } from '../tools/object-name.ts'
import { columnReader } from '../tools/result-columns.ts'
import { defineTool } from '../tools/tool.ts'

/** As many as the protocol allows. */
const mostValues = 100
const longestValue = 300
const parts = ['database', 'schema', 'object'] as const
const expected = `one of ${parts.join(', ')}`

const nothing = { completion: { values: [], total: 0, hasMore: false } }

/** `completion/complete` for the parts of a resource's address, each among what its parents hold. */
export const completeName = defineTool({
  name: 'completion/complete',
  title: 'Complete a name',
  description: 'Completes names of databases, schemas, tables and views.',
  input: z.strictObject({
    part: z.enum(parts, expected),
    value: z.string().max(longestValue, `text of at most ${longestValue} characters`).default(''),
    database: z.string().max(longestValue, `text of at most ${longestValue} characters`).optional(),
    schema: z.string().max(longestValue, `text of at most ${longestValue} characters`).optional(),
  }),
  output: z.object({ completion: z.any() }),
  failurePrefix: 'Error completing name',
  async run({ part, value, database, schema }, { withReader }) {
    const parents = [database, schema].slice(0, parts.indexOf(part)).map(readName)
    // Without its parents nothing can be said of a name.
    if (!parents.every((name) => name !== undefined)) return { text: '', structured: nothing }
    const names = await withReader((reader) => readNames(reader, parents))
    const prefix = value.replace(/^"/, '').toUpperCase()
    const found = names.filter((name) => name.toUpperCase().startsWith(prefix)).map((name) => toText(name))
    const completion = { values: found.slice(0, mostValues), total: found.length, hasMore: found.length > mostValues }
    return { text: '', structured: { completion } }
  },
})

function readName(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseObjectName(text, 'value', 1)[0]
  } catch (error) {
    // Half a name is no mistake while somebody types.
    if (error instanceof CodedError) return undefined
    throw error
  }
}

async function readNames(reader: Reader, parents: readonly string[]): Promise<string[]> {
  try {
    const result = await reader.read(`SHOW ${showWhat(parents)}`, { maxRows: mostRows })
    return result.rows.map(columnReader(result, 'name'))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function showWhat(parents: readonly string[]): string {
  if (parents.length === 0) return 'DATABASES'
  return parents.length === 1 ? `SCHEMAS IN DATABASE ${toSql(...parents)}` : `OBJECTS IN SCHEMA ${toSql(...parents)}`
}
