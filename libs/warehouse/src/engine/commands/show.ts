import { leafToken } from '../../translate/node-cursor.ts'
import type { StatementResult } from '../engine.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { showGrants } from './role-commands.ts'
import { showColumns, showDatabases, showObjects, showSchemas, showTables, showViews } from './show-objects.ts'
import { showParameters, showRoles, showVariables, showWarehouses } from './show-session.ts'

type Show = (frame: StatementFrame) => Promise<StatementResult>

/** `SHOW [TERSE] kind …`. */
export const show: Command = async (frame) => {
  const { cursor } = frame
  cursor.next()
  const isTerse = cursor.skipKeywords('TERSE')
  const token = cursor.token()
  const kind = token?.text.toUpperCase() ?? ''
  const run = kinds.get(kind)
  if (!run)
    throw token?.kind === 'word' && cursor.at < cursor.nodes.length
      ? unsupportedFeature(`SHOW ${wordsAt(frame).join(' ')}`, token)
      : cursor.unexpected()
  cursor.next()
  const result = await run(frame)
  return isTerse ? toTerse(result) : result
}

/** The words of a kind of object: `SEMANTIC VIEWS`, `CORTEX SEARCH SERVICES`. */
function wordsAt({ cursor }: StatementFrame): string[] {
  const words = cursor.nodes
    .slice(cursor.at)
    .map((node) => (leafToken(node)?.kind === 'word' ? leafToken(node)?.text.toUpperCase() : undefined))
  const end = words.findIndex((word) => word === undefined || ['LIKE', 'IN', 'STARTS', 'LIMIT', 'ON', 'TO', 'OF'].includes(word))
  return words.slice(0, end < 0 ? words.length : end).flatMap((word) => word ?? [])
}

const terseColumns = ['created_on', 'name', 'kind', 'database_name', 'schema_name']

/** Only those columns TERSE leaves; a result without a kind has none, as in Snowflake's own. */
function toTerse(result: StatementResult): StatementResult {
  const kept = terseColumns.flatMap((name) => {
    const index = result.columns.findIndex((column) => column.name === name)
    return index < 0 ? [] : [index]
  })
  const batches = Array.from(result.batches(), (batch) => batch.map((row) => kept.map((index) => row[index] ?? null)))
  return { ...result, columns: kept.flatMap((index) => result.columns[index] ?? []), batches: () => batches }
}

const kinds: ReadonlyMap<string, Show> = new Map([
  ['DATABASES', showDatabases],
  ['SCHEMAS', showSchemas],
  ['TABLES', showTables],
  ['VIEWS', showViews],
  ['OBJECTS', showObjects],
  ['COLUMNS', showColumns],
  ['WAREHOUSES', showWarehouses],
  ['ROLES', showRoles],
  ['GRANTS', showGrants],
  ['PARAMETERS', showParameters],
  ['VARIABLES', showVariables],
])
