import { renderObjectName } from '../translate/object-name.ts'
import { quoteText } from '../translate/quote.ts'
import type { DatabaseInfo, SchemaInfo, TableInfo } from './catalog.ts'

/** The texts of GET_DDL. A view's is what its author wrote, under the view's plain name; everything else is made from the catalogue. */
export const renderDdl = {
  database: ({ name, schemas }: DatabaseInfo): string =>
    [`create or replace database ${renderObjectName([name])};`, ...[...schemas.values()].map(renderSchema)].join('\n\n'),
  schema: renderSchema,
  table: renderTable,
}

function renderSchema({ name, tables }: SchemaInfo): string {
  return [`create or replace schema ${renderObjectName([name])};`, ...[...tables.values()].map(renderTable)].join('\n\n')
}

function renderTable({ kind, name, columns, comment, text }: TableInfo): string {
  if (text !== null) return text.endsWith(';') ? text : `${text};`
  const lines = columns.map(
    ({ name: column, type, isNullable, defaultValue, comment: note }) =>
      `\t${renderObjectName([column])} ${type}${isNullable ? '' : ' NOT NULL'}${defaultValue === null ? '' : ` DEFAULT ${defaultValue}`}${note === null ? '' : ` COMMENT ${quoteText(note)}`}`,
  )
  const modifier = kind === 'TABLE' ? '' : `${kind} `
  return `create or replace ${modifier}TABLE ${renderObjectName([name])} (\n${lines.join(',\n')}\n)${comment === '' ? '' : `COMMENT=${quoteText(comment)}\n`};`
}
