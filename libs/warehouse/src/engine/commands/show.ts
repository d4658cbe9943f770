import { isKeyword } from '@squall/snowflake-sql'
import type { DatabaseInfo } from '../../catalog/catalog.ts'
import { schemasWithInformationSchema } from '../../catalog/information-schema.ts'
import { leafToken, NodeCursor } from '../../translate/node-cursor.ts'
import { roles, warehouses } from '../account.ts'
import type { StatementResult } from '../engine.ts'
import { defaultParameters } from '../session-parameters.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { type TableCell, type TableColumns, toTableResult } from '../table-result.ts'
import { countRows } from './count-rows.ts'
import { pageOf, takeShowRequest } from './show-request.ts'
import { compare, databasesIn, tablesIn } from './show-scope.ts'

type Show = (frame: StatementFrame) => Promise<StatementResult>

/** `SHOW [TERSE] kind …`. */
export const show: Command = async (frame) => {
  const { cursor } = frame
  cursor.next()
  cursor.skipKeywords('TERSE')
  const token = cursor.token()
  const kind = token?.text.toUpperCase() ?? ''
  const run = kinds.get(kind)
  if (!run)
    throw token?.kind === 'word' && cursor.at < cursor.nodes.length
      ? unsupportedFeature(`SHOW ${kind}`, token)
      : cursor.unexpected()
  cursor.next()
  return await run(frame)
}

function toShowResult(columns: TableColumns, rows: readonly (readonly TableCell[])[]): StatementResult {
  return toTableResult(columns, rows, statementTypes.show)
}

const owner = 'SYSADMIN'

async function showDatabases(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const all = [...frame.catalog.databases.values()].toSorted((a, b) => compare(a.name, b.name))
  const databases = pageOf(all, ({ name }) => name, request)
  const rows = databases.map(({ name, comment, createdOn, origin, isReadOnly }): TableCell[] => [
    createdOn,
    name,
    'N',
    name === frame.session.database ? 'Y' : 'N',
    origin,
    owner,
    comment,
    '',
    '1',
    isReadOnly ? 'IMPORTED DATABASE' : 'STANDARD',
  ])
  return toShowResult(
    [['created_on', 'moment'], ...texts('name is_default is_current origin owner comment options retention_time kind')],
    rows,
  )
}

async function showSchemas(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const all = databasesIn(request.place, frame).flatMap((database) =>
    schemasWithInformationSchema(database)
      .map((schema) => ({ database, schema }))
      .toSorted((a, b) => compare(a.schema.name, b.schema.name)),
  )
  const rows = pageOf(all, ({ schema }) => schema.name, request).map(({ database, schema }): TableCell[] => [
    schema.createdOn,
    schema.name,
    'N',
    isCurrent(database, schema.name, frame),
    database.name,
    owner,
    schema.comment,
    '',
    '1',
    'ROLE',
  ])
  return toShowResult(
    [
      ['created_on', 'moment'],
      ...texts('name is_default is_current database_name owner comment options retention_time owner_role_type'),
    ],
    rows,
  )
}

function isCurrent({ name }: DatabaseInfo, schema: string, { session }: StatementFrame): string {
  return session.database === name && session.schema === schema ? 'Y' : 'N'
}

async function showTables(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const tables = pageOf(
    tablesIn(request.place, frame).filter(({ table }) => table.kind !== 'VIEW'),
    ({ table }) => table.name,
    request,
  )
  const counts = await countRows(
    tables.map(({ table }) => table),
    frame,
  )
  const rows = tables.map(({ database, schema, table }): TableCell[] => [
    table.createdOn,
    table.name,
    database.name,
    schema.name,
    table.kind,
    table.comment,
    '',
    counts.get(table) ?? 0,
    null,
    owner,
    '1',
    'OFF',
    'OFF',
    'N',
    'N',
    'ROLE',
    'N',
    'N',
    'N',
    'N',
  ])
  return toShowResult(
    [
      ['created_on', 'moment'],
      ...texts('name database_name schema_name kind comment cluster_by'),
      ['rows', 'fixed'],
      ['bytes', 'fixed'],
      ...texts(
        'owner retention_time automatic_clustering change_tracking is_external enable_schema_evolution owner_role_type is_event is_hybrid is_iceberg is_dynamic',
      ),
    ],
    rows,
  )
}

async function showViews(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const views = pageOf(
    tablesIn(request.place, frame).filter(({ table }) => table.kind === 'VIEW'),
    ({ table }) => table.name,
    request,
  )
  const rows = views.map(({ database, schema, table }): TableCell[] => [
    table.createdOn,
    table.name,
    '',
    database.name,
    schema.name,
    owner,
    table.comment,
    table.text,
    'false',
    'false',
    'ROLE',
    'OFF',
  ])
  return toShowResult(
    [
      ['created_on', 'moment'],
      ...texts(
        'name reserved database_name schema_name owner comment text is_secure is_materialized owner_role_type change_tracking',
      ),
    ],
    rows,
  )
}

async function showObjects(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const rows = pageOf(tablesIn(request.place, frame), ({ table }) => table.name, request).map(
    ({ database, schema, table }): TableCell[] => [
      table.createdOn,
      table.name,
      database.name,
      schema.name,
      table.kind,
      table.comment,
      owner,
    ],
  )
  return toShowResult([['created_on', 'moment'], ...texts('name database_name schema_name kind comment owner')], rows)
}

async function showColumns(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const wanted =
    request.place?.kind === 'TABLE' || (request.place?.kind === 'NAME' && request.place.name?.parts.length === 3)
      ? request.place.name
      : undefined
  const place = wanted ? { kind: 'NAME' as const, name: { ...wanted, parts: wanted.parts.slice(0, -1) } } : request.place
  const scope = wanted && wanted.parts.length === 1 ? { kind: 'SCHEMA' as const } : place
  const tables = tablesIn(scope, frame).filter(({ table }) => wanted === undefined || table.name === wanted.parts.at(-1))
  const columns = tables.flatMap((placed) => placed.table.columns.map((column) => ({ ...placed, column })))
  const rows = pageOf(columns, ({ column }) => column.name, request).map(({ database, schema, table, column }): TableCell[] => [
    table.name,
    schema.name,
    column.name,
    toDataTypeJson(column.type, column.isNullable),
    String(column.isNullable),
    column.defaultValue ?? '',
    'COLUMN',
    '',
    column.comment ?? '',
    database.name,
    '',
  ])
  return toShowResult(
    texts('table_name schema_name column_name data_type null? default kind expression comment database_name autoincrement'),
    rows,
  )
}

function toDataTypeJson(type: string, nullable: boolean): string {
  const [, name = type, first, second] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?$/.exec(type) ?? []
  if (name === 'NUMBER') return JSON.stringify({ type: 'FIXED', precision: Number(first), scale: Number(second), nullable })
  if (name === 'VARCHAR')
    return JSON.stringify({ type: 'TEXT', length: Number(first), byteLength: Number(first), nullable, fixed: false })
  return JSON.stringify({ type: name === 'FLOAT' ? 'REAL' : name, nullable })
}

async function showWarehouses(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const rows = pageOf([...warehouses], (name) => name, request).map((name): TableCell[] => [
    name,
    'STARTED',
    'STANDARD',
    'X-Small',
    1,
    1,
    1,
    0,
    0,
    'N',
    name === frame.session.warehouse ? 'Y' : 'N',
    600,
    'true',
    'SYSADMIN',
    '',
  ])
  return toShowResult(
    [
      ...texts('name state type size'),
      ...(['min_cluster_count', 'max_cluster_count', 'started_clusters', 'running', 'queued'] as const).map(
        (name) => [name, 'fixed'] as const,
      ),
      ...texts('is_default is_current'),
      ['auto_suspend', 'fixed'],
      ...texts('auto_resume owner comment'),
    ],
    rows,
  )
}

async function showRoles(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const rows = pageOf([...roles], (name) => name, request).map((name): TableCell[] => [
    startOfEmulator,
    name,
    'N',
    name === frame.session.role ? 'Y' : 'N',
    'N',
    '',
    '',
  ])
  return toShowResult([['created_on', 'moment'], ...texts('name is_default is_current is_inherited owner comment')], rows)
}

/** Roles were there before anything else; the exact day is of no account. */
const startOfEmulator = new Date('2024-01-01T00:00:00Z')

async function showParameters(frame: StatementFrame): Promise<StatementResult> {
  const matches = takeParameterFilter(frame)
  const all = [...frame.session.parameters].toSorted(([a], [b]) => compare(a, b))
  const rows = all
    .filter(([name]) => matches(name))
    .map(([name, value]): TableCell[] => {
      const original = defaultParameters[name]
      return [name, String(value), String(original), value === original ? '' : 'SESSION', '', (typeof value).toUpperCase()]
    })
  return toShowResult(texts('key value default level description type'), rows)
}

/** `LIKE 'p' IN SESSION`; only a session's parameters exist here, so it matters not in what. */
function takeParameterFilter(frame: StatementFrame): (name: string) => boolean {
  const { cursor } = frame
  const place = cursor.nodes.findIndex((node) => isKeyword(leafToken(node), 'IN', 'FOR'))
  const nodes = place < 0 ? cursor.nodes : cursor.nodes.slice(0, place)
  const filter = new NodeCursor(nodes)
  filter.at = cursor.at
  return takeShowRequest({ ...frame, cursor: filter }).matches
}

async function showVariables(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const all = [...frame.session.variables].toSorted(([a], [b]) => compare(a, b))
  const rows = pageOf(all, ([name]) => name, request).map(([name, literal]): TableCell[] => [
    frame.session.id,
    name,
    literal,
    'text',
    '',
  ])
  return toShowResult(texts('session_id name value type comment'), rows)
}

function texts(names: string): readonly (readonly [string, 'text'])[] {
  return names.split(' ').map((name) => [name, 'text'] as const)
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
  ['PARAMETERS', showParameters],
  ['VARIABLES', showVariables],
])
