import { isKeyword, type TokenNode } from '@squall/snowflake-sql'
import { giveOwnership, requireCreation } from '../../access/require-privilege.ts'
import { toSecurable } from '../../access/role.ts'
import type { TableInfo } from '../../catalog/catalog.ts'
import { takeDataType } from '../../translate/data-type.ts'
import { firstToken, leafToken, NodeCursor, splitAtOperator } from '../../translate/node-cursor.ts'
import { renderObjectName, takeObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import type { StatementResult } from '../engine.ts'
import { type FullName, qualify, requireSchema, requireTable } from '../name-resolution.ts'
import { temporaryKey } from '../session-state.ts'
import { alreadyExists, unsupportedFeature } from '../snowflake-errors.ts'
import type { StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'
import { existsAlready, permanentName, takeComment, takeNewName, type CreateOptions } from './create-options.ts'
import { requireWritable } from './dml.ts'
import { readColumns } from './read-columns.ts'

/** `TABLE [IF NOT EXISTS] name …`. */
export async function createTable(frame: StatementFrame, options: CreateOptions): Promise<StatementResult> {
  const { name, ifNotExists } = takeNewName(frame)
  const full = qualify(name, frame.session, 'CREATE TABLE')
  requireSchema(frame.catalog, full.database, full.schema, name.token)
  const make = async (): Promise<StatementResult> => {
    // Looked up again, since another session may have made or dropped it while this one waited.
    const existing = findExisting(frame, full, options)
    if (existing && ifNotExists) return existsAlready(full.name)
    if (existing && !options.isReplacing)
      throw alreadyExists(renderObjectName([full.database, full.schema, full.name]), name.token)
    const table = await makeTable(frame, full, options)
    if (options.isTemporary) frame.session.temporaryTables.set(temporaryKey(full.database, full.schema, full.name), table)
    else {
      frame.catalog.addTable(requireSchema(frame.catalog, full.database, full.schema, name.token), table)
      giveOwnership(frame.session, toSecurable(full.database, full.schema, table), table.createdOn)
    }
    return toStatusResult(`Table ${full.name} successfully created.`)
  }
  if (options.isTemporary) return await make()
  requireWritable(frame, full.database)
  requireCreation(frame.session, 'TABLE', { kind: 'SCHEMA', path: [full.database, full.schema] })
  return await frame.locks.hold(full.database, frame.options.signal, make)
}

function findExisting(
  { session, catalog }: StatementFrame,
  full: FullName,
  { isTemporary }: CreateOptions,
): TableInfo | undefined {
  return isTemporary
    ? session.temporaryTables.get(temporaryKey(full.database, full.schema, full.name))
    : catalog.table(full.database, full.schema, full.name)
}

async function makeTable(frame: StatementFrame, full: FullName, options: CreateOptions): Promise<TableInfo> {
  const { run, clock, cursor } = frame
  const { isReplacing, isTemporary, isTransient } = options
  const duckName = isTemporary
    ? `temp.main.${quoteName(temporaryKey(full.database, full.schema, full.name))}`
    : permanentName(full)
  const definition = takeTableDefinition(frame)
  await run(`CREATE ${isReplacing ? 'OR REPLACE ' : ''}${isTemporary ? 'TEMPORARY ' : ''}TABLE ${duckName} ${definition.sql}`)
  cursor.takeRest()
  return {
    name: full.name,
    kind: isTemporary ? 'TEMPORARY' : isTransient ? 'TRANSIENT' : 'TABLE',
    columns: await readColumns(duckName, run, definition.comments),
    comment: definition.comment,
    createdOn: new Date(clock.wallMs()),
    text: null,
    duckName,
  }
}

interface TableDefinition {
  readonly sql: string
  readonly comment: string
  readonly comments: ReadonlyMap<string, string>
}

/** What follows the name: columns, `AS query`, `LIKE table`, `CLONE table`, and a comment. */
function takeTableDefinition(frame: StatementFrame): TableDefinition {
  const { cursor, scope, catalog, session } = frame
  const comments = new Map<string, string>()
  const copy = cursor.skipKeywords('LIKE') ? 'WITH NO DATA' : cursor.skipKeywords('CLONE') ? '' : undefined
  if (copy !== undefined) {
    const original = requireTable(catalog, session, takeObjectName(cursor, scope), 'CREATE TABLE')
    return {
      sql: `AS SELECT * FROM ${original.duckName}${copy === '' ? '' : ' LIMIT 0'}`,
      comment: takeComment(cursor),
      comments,
    }
  }
  const columns = cursor.takeGroup('(')
  const comment = takeComment(cursor)
  if (!cursor.skipKeywords('AS')) {
    if (!columns) throw cursor.unexpected()
    const definitions = splitAtOperator(columns.children, ',').map((column) => translateColumn(column, frame, comments))
    return { sql: `(${definitions.filter((text) => text !== '').join(', ')})`, comment, comments }
  }
  const query = scope.query(cursor.takeRest(), scope)
  if (!columns) return { sql: `AS ${query}`, comment, comments }
  const names = splitAtOperator(columns.children, ',').map((column) => quoteName(new NodeCursor(column).takeName()))
  return { sql: `AS SELECT * FROM (${query}) AS "QUERY"(${names.join(', ')})`, comment, comments }
}

const tableConstraints = ['PRIMARY', 'FOREIGN', 'UNIQUE', 'CONSTRAINT']

/** `name type [NOT NULL] [DEFAULT x] [COMMENT 'c'] …`. Keys are left out: Snowflake does not enforce them either. */
function translateColumn(nodes: readonly TokenNode[], { scope }: StatementFrame, comments: Map<string, string>): string {
  const cursor = new NodeCursor(nodes)
  if (cursor.isAtKeyword(...tableConstraints)) return ''
  const name = cursor.takeName()
  const parts = [quoteName(name), takeDataType(cursor)]
  while (!cursor.isAtEnd) {
    if (cursor.skipKeywords('NOT', 'NULL')) parts.push('NOT NULL')
    else if (cursor.skipKeywords('DEFAULT')) parts.push(`DEFAULT ${scope.expression(takeDefault(cursor), scope)}`)
    else if (cursor.isAtKeyword('COMMENT')) comments.set(name, takeComment(cursor))
    else if (!skipConstraint(cursor))
      throw unsupportedFeature(`column option ${firstToken(cursor.peek())?.text ?? ''}`, firstToken(cursor.peek()))
  }
  return parts.join(' ')
}

function takeDefault(cursor: NodeCursor): readonly TokenNode[] {
  const start = cursor.at
  while (!cursor.isAtEnd && !isKeyword(leafToken(cursor.peek()), 'NOT', 'COMMENT', ...tableConstraints)) cursor.at += 1
  return cursor.nodes.slice(start, cursor.at)
}

/** Steps over what has no effect: NULL, keys, references. */
function skipConstraint(cursor: NodeCursor): boolean {
  if (cursor.skipKeywords('NULL') || cursor.skipKeywords('UNIQUE') || cursor.skipKeywords('PRIMARY', 'KEY')) return true
  if (!cursor.skipKeywords('REFERENCES')) return false
  takeObjectName(cursor)
  cursor.takeGroup('(')
  return true
}
