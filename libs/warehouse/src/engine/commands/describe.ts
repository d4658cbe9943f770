import { mayEnter } from '../../access/require-privilege.ts'
import { toSecurable } from '../../access/role.ts'
import { isView } from '../../catalog/catalog.ts'
import type { StatementResult } from '../engine.ts'
import { requireDatabase, requireSchema, requireTable } from '../name-resolution.ts'
import { doesNotExist, unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { type TableCell, toTableResult } from '../table-result.ts'
import { renderObjectName, takeObjectName } from '../../translate/object-name.ts'

/** `DESC[RIBE] [TABLE | VIEW] name`. */
export const describe: Command = async ({ cursor, scope, session, catalog }) => {
  cursor.next()
  if (cursor.isAtKeyword('DATABASE', 'SCHEMA') && cursor.token(1)?.text !== '.' && cursor.token(1) !== undefined)
    return describeNamespace({ cursor, scope, session, catalog })
  const kind = cursor.skipKeywords('VIEW') ? 'View' : 'Table'
  const word = cursor.token()
  const isOtherKind =
    kind === 'Table' && !cursor.skipKeywords('TABLE') && cursor.token(1) !== undefined && cursor.token(1)?.text !== '.'
  if (isOtherKind) throw unsupportedFeature(`DESCRIBE ${word?.text.toUpperCase()}`, word)
  const table = requireTable(catalog, session, takeObjectName(cursor, scope), 'DESCRIBE', kind)
  cursor.skipKeywords('TYPE')
  cursor.takeRest()
  const rows = table.columns.map(({ name, type, isNullable, defaultValue, comment }): TableCell[] => [
    name,
    type,
    'COLUMN',
    isNullable ? 'Y' : 'N',
    defaultValue,
    'N',
    'N',
    null,
    null,
    comment,
    null,
  ])
  const names = [
    'name',
    'type',
    'kind',
    'null?',
    'default',
    'primary key',
    'unique key',
    'check',
    'expression',
    'comment',
    'policy name',
  ]
  return toTableResult(
    names.map((name) => [name, 'text'] as const),
    rows,
    statementTypes.describe,
  )
}

/** `DESC DATABASE name`: its schemas; `DESC SCHEMA name`: its tables and views. */
function describeNamespace({
  cursor,
  scope,
  session,
  catalog,
}: Pick<StatementFrame, 'cursor' | 'scope' | 'session' | 'catalog'>): StatementResult {
  const isDatabase = cursor.isAtKeyword('DATABASE')
  cursor.next()
  const name = takeObjectName(cursor, scope)
  cursor.expectEnd()
  const [last = '', before = session.database ?? ''] = name.parts.toReversed()
  if (!mayEnter(session, isDatabase ? last : before, isDatabase ? undefined : last))
    throw doesNotExist(isDatabase ? 'Database' : 'Schema', renderObjectName(name.parts), name.token)
  const rows = isDatabase
    ? [...requireDatabase(catalog, last, name.token).schemas.values()].map((schema): TableCell[] => [
        schema.createdOn,
        schema.name,
        'SCHEMA',
      ])
    : [...requireSchema(catalog, before, last, name.token).tables.values()]
        .filter((table) => session.access.sees(session, toSecurable(before, last, table)))
        .map((table): TableCell[] => [table.createdOn, table.name, isView(table) ? 'VIEW' : 'TABLE'])
  return toTableResult(
    [
      ['created_on', 'moment'],
      ['name', 'text'],
      ['kind', 'text'],
    ],
    rows,
    statementTypes.describe,
  )
}
