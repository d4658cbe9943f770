import { requireTable } from '../name-resolution.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { type TableCell, toTableResult } from '../table-result.ts'
import { takeObjectName } from '../../translate/object-name.ts'

/** `DESC[RIBE] [TABLE | VIEW] name`. */
export const describe: Command = async ({ cursor, scope, session, catalog }) => {
  cursor.next()
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
