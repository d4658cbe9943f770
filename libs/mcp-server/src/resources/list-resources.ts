import { CodedError } from '@squall/errors'
import type { StatementResult } from '@squall/snowflake'
import { z } from 'zod'
import { mcpServerErrors } from '../errors.ts'
import { showPlaces } from '../search/show-places.ts'
import type { Reader } from '../snowflake/reader.ts'
import { mostRows } from '../tools/arguments.ts'
import { toText } from '../tools/object-name.ts'
import { columnReader } from '../tools/result-columns.ts'
import { defineTool } from '../tools/tool.ts'
import { renderUri } from './resource-uri.ts'

const pageSize = 100

interface Named {
  readonly parts: readonly string[]
  readonly comment: string
}

/** What is listed, one after the other; a page never holds both. */
const phases = ['schemas', 'objects'] as const

type Phase = (typeof phases)[number]

/** Where the next page begins: behind this name. */
interface Position {
  readonly phase: Phase
  readonly after: string
}

/** `resources/list`: all schemas, then all tables and views that Snowflake shows at once, a hundred a page. */
export const listResources = defineTool({
  name: 'resources/list',
  title: 'List resources',
  description: 'Lists schemas, tables and views as resources.',
  input: z.strictObject({ cursor: z.string('a cursor as text').max(2000, 'a cursor as an answer gave it').optional() }),
  output: z.object({ resources: z.array(z.any()), nextCursor: z.string().optional() }),
  failurePrefix: 'Error listing resources',
  async run({ cursor }, { withReader }) {
    const position = cursor === undefined ? first : readPosition(cursor)
    const all = await withReader((reader) => readAll(reader, position.phase))
    const rest = all.filter(({ parts }) => keyOf(parts) > position.after)
    const resources = rest.slice(0, pageSize).map(toResource)
    const next = nextPosition(position.phase, rest)
    return { text: '', structured: { resources, ...(next !== undefined && { nextCursor: writePosition(next) }) } }
  },
})

const first: Position = { phase: 'schemas', after: '' }

async function readAll(reader: Reader, phase: Phase): Promise<Named[]> {
  const all: Named[] = []
  for (const place of await showPlaces(reader)) {
    const result = await reader.read(`SHOW ${phase} IN ${place}`, { maxRows: mostRows })
    all.push(...(phase === 'schemas' ? toSchemas(result) : toObjects(result)))
  }
  return all.toSorted((a, b) => (keyOf(a.parts) < keyOf(b.parts) ? -1 : 1))
}

function toSchemas(result: StatementResult): Named[] {
  const [database, name] = [columnReader(result, 'database_name'), columnReader(result, 'name')]
  const comment = columnReader(result, 'comment')
  const all = result.rows.map((row) => ({ parts: [database(row), name(row)], comment: comment(row) }))
  return all.filter(({ parts }) => parts[1] !== 'INFORMATION_SCHEMA')
}

function toObjects(result: StatementResult): Named[] {
  const [database, schema] = [columnReader(result, 'database_name'), columnReader(result, 'schema_name')]
  const [name, comment] = [columnReader(result, 'name'), columnReader(result, 'comment')]
  return result.rows.map((row) => ({ parts: [database(row), schema(row), name(row)], comment: comment(row) }))
}

function toResource({ parts, comment }: Named): Readonly<Record<string, string>> {
  const about = comment === '' ? {} : { description: comment }
  return { uri: renderUri(parts), name: toText(...parts), ...about, mimeType: 'application/json' }
}

/** Names are compared part by part: no name holds this character. */
function keyOf(parts: readonly string[]): string {
  return parts.join('\u0000')
}

function nextPosition(phase: Phase, rest: readonly Named[]): Position | undefined {
  const last = rest[pageSize - 1]
  if (last !== undefined && rest.length > pageSize) return { phase, after: keyOf(last.parts) }
  const next = phases[phases.indexOf(phase) + 1]
  return next && { phase: next, after: '' }
}

const positionSchema = z.strictObject({ phase: z.enum(phases), after: z.string() })

function writePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function readPosition(cursor: string): Position {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    const problems = [{ where: 'cursor', value: cursor, expected: 'a cursor as the page before gave it' }]
    throw new CodedError(mcpServerErrors.MCP_BAD_ARGUMENTS, { message: 'the arguments are not right', problems, cause })
  }
}
