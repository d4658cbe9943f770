import { mayEnter } from '../../access/require-privilege.ts'
import { isView, type DatabaseInfo } from '../../catalog/catalog.ts'
import { schemasWithInformationSchema } from '../../catalog/information-schema.ts'
import type { StatementResult } from '../engine.ts'
import type { StatementFrame } from '../statement-frame.ts'
import type { TableCell } from '../table-result.ts'
import { countRows } from './count-rows.ts'
import { pageOf, takeShowRequest } from './show-request.ts'
import { texts, toShowResult } from './show-result.ts'
import { compare, databasesIn, tablesIn } from './show-scope.ts'

const owner = 'SYSADMIN'

export async function showDatabases(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const visible = [...frame.catalog.databases.values()].filter(({ name }) => mayEnter(frame.session, name))
  const all = visible.toSorted((a, b) => compare(a.name, b.name))
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

export async function showSchemas(frame: StatementFrame): Promise<StatementResult> {
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

export async function showTables(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const tables = pageOf(
    tablesIn(request.place, frame).filter(({ table }) => !isView(table)),
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

export async function showViews(frame: StatementFrame): Promise<StatementResult> {
  const request = takeShowRequest(frame)
  const views = pageOf(
    tablesIn(request.place, frame).filter(({ table }) => isView(table)),
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

export async function showObjects(frame: StatementFrame): Promise<StatementResult> {
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

export async function showColumns(frame: StatementFrame): Promise<StatementResult> {
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
