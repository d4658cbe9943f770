import { isKeyword, stringValue, type TokenNode } from '@squall/snowflake-sql'
import type { TableInfo } from '../../catalog/catalog.ts'
import { takeDataType } from '../../translate/data-type.ts'
import { firstToken, leafToken, NodeCursor, splitAtOperator } from '../../translate/node-cursor.ts'
import { renderObjectName, takeObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import type { ObjectName } from '../../translate/scope.ts'
import type { StatementResult } from '../engine.ts'
import { type FullName, findTable, qualify, requireDatabase, requireSchema, requireTable } from '../name-resolution.ts'
import { temporaryKey } from '../session-state.ts'
import { alreadyExists, unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'
import { requireWritable } from './dml.ts'
import { readColumns } from './read-columns.ts'

/** `CREATE [OR REPLACE] [TEMPORARY | TRANSIENT | SECURE] DATABASE | SCHEMA | TABLE | VIEW …`; the cursor stands behind CREATE. */
export const create: Command = async (frame) => {
  const { cursor } = frame
  const isReplacing = cursor.skipKeywords('OR', 'REPLACE')
  if (!cursor.skipKeywords('LOCAL')) cursor.skipKeywords('GLOBAL')
  const isTemporary = ['TEMPORARY', 'TEMP', 'VOLATILE'].some((word) => cursor.skipKeywords(word))
  const isTransient = cursor.skipKeywords('TRANSIENT')
  cursor.skipKeywords('SECURE')
  const kind = cursor.token()
  const options = { isReplacing, isTemporary, isTransient }
  if (cursor.skipKeywords('TABLE')) return await createTable(frame, options)
  if (cursor.skipKeywords('VIEW')) return await createView(frame, options)
  if (cursor.skipKeywords('SCHEMA')) return await createSchema(frame, options)
  if (cursor.skipKeywords('DATABASE')) return await createDatabase(frame, options)
  throw unsupportedFeature(`CREATE ${kind?.text.toUpperCase() ?? ''}`.trim(), kind)
}

interface CreateOptions {
  readonly isReplacing: boolean
  readonly isTemporary: boolean
  readonly isTransient: boolean
}

/** `[IF NOT EXISTS] name [IF NOT EXISTS]`. */
function takeNewName({ cursor, scope }: StatementFrame): { readonly name: ObjectName; readonly ifNotExists: boolean } {
  const before = cursor.skipKeywords('IF', 'NOT', 'EXISTS')
  const name = takeObjectName(cursor, scope)
  return { name, ifNotExists: cursor.skipKeywords('IF', 'NOT', 'EXISTS') || before }
}

const existsAlready = (name: string): StatementResult => toStatusResult(`${name} already exists, statement succeeded.`)

async function createTable(
  frame: StatementFrame,
  { isReplacing, isTemporary, isTransient }: CreateOptions,
): Promise<StatementResult> {
  const { cursor, session, catalog, locks, run, clock } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const full = qualify(name, session, 'CREATE TABLE')
  const schema = requireSchema(catalog, full.database, full.schema, name.token)
  const existing = isTemporary
    ? session.temporaryTables.get(temporaryKey(full.database, full.schema, full.name))
    : schema.tables.get(full.name)
  if (existing && ifNotExists) return existsAlready(full.name)
  if (existing && !isReplacing) throw alreadyExists(renderObjectName([full.database, full.schema, full.name]), name.token)
  if (!isTemporary) requireWritable(frame, full.database)
  const duckName = isTemporary
    ? `temp.main.${quoteName(temporaryKey(full.database, full.schema, full.name))}`
    : permanentName(full)
  const definition = await takeTableDefinition(frame)
  const make = async (): Promise<TableInfo> => {
    await run(`CREATE ${isReplacing ? 'OR REPLACE ' : ''}${isTemporary ? 'TEMPORARY ' : ''}TABLE ${duckName} ${definition.sql}`)
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
  if (isTemporary) session.temporaryTables.set(temporaryKey(full.database, full.schema, full.name), await make())
  else catalog.addTable(schema, await locks.hold(full.database, make))
  cursor.takeRest()
  return toStatusResult(`Table ${full.name} successfully created.`)
}

function permanentName({ database, schema, name }: FullName): string {
  return [database, schema, name].map(quoteName).join('.')
}

interface TableDefinition {
  readonly sql: string
  readonly comment: string
  readonly comments: ReadonlyMap<string, string>
}

/** What follows the name: columns, `AS query`, `LIKE table`, `CLONE table`, and a comment. */
async function takeTableDefinition(frame: StatementFrame): Promise<TableDefinition> {
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

function takeComment(cursor: NodeCursor): string {
  if (!cursor.isAtKeyword('COMMENT')) return ''
  cursor.next()
  cursor.skipOperator('=')
  const text = stringValue(cursor.token())
  if (text === undefined) throw cursor.unexpected()
  cursor.next()
  return text
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

async function createView(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, scope, session, catalog, locks, run, clock, statement } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const full = qualify(name, session, 'CREATE VIEW')
  const schema = requireSchema(catalog, full.database, full.schema, name.token)
  const existing = findTable(catalog, session, full)
  if (existing && ifNotExists) return existsAlready(full.name)
  if (existing && !(isReplacing && existing.kind === 'VIEW'))
    throw alreadyExists(renderObjectName([full.database, full.schema, full.name]), name.token)
  requireWritable(frame, full.database)
  const columns = cursor.takeGroup('(')
  const comment = takeComment(cursor)
  if (!cursor.skipKeywords('AS')) throw cursor.unexpected()
  const list = columns
    ? ` (${splitAtOperator(columns.children, ',')
        .map((column) => quoteName(new NodeCursor(column).takeName()))
        .join(', ')})`
    : ''
  const query = scope.query(cursor.takeRest(), scope)
  const duckName = permanentName(full)
  await locks.hold(full.database, async () => {
    await run(`CREATE OR REPLACE VIEW ${duckName}${list} AS ${query}`)
    const made = {
      name: full.name,
      kind: 'VIEW' as const,
      columns: await readColumns(duckName, run),
      comment,
      createdOn: new Date(clock.wallMs()),
      text: statement.text,
      duckName,
    }
    catalog.addTable(schema, made)
  })
  return toStatusResult(`View ${full.name} successfully created.`)
}

async function createSchema(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, session, catalog, locks, run, clock } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const [schema = '', databaseName = session.database ?? ''] = name.parts.toReversed()
  const database = requireDatabase(catalog, databaseName, name.token)
  if (database.schemas.has(schema)) {
    if (ifNotExists) return existsAlready(schema)
    if (!isReplacing) throw alreadyExists(schema, name.token)
  }
  requireWritable(frame, databaseName)
  const comment = takeComment(cursor)
  cursor.expectEnd()
  await locks.hold(databaseName, async () => {
    const duckName = `${quoteName(databaseName)}.${quoteName(schema)}`
    if (database.schemas.has(schema)) await run(`DROP SCHEMA ${duckName} CASCADE`)
    await run(`CREATE SCHEMA ${duckName}`)
    catalog.addSchema(database, { name: schema, comment, createdOn: new Date(clock.wallMs()) })
  })
  session.database = databaseName
  session.schema = schema
  return toStatusResult(`Schema ${schema} successfully created.`)
}

/** New databases live in memory: they end with the program. */
async function createDatabase(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, session, catalog, locks, run, clock } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const [database = ''] = name.parts
  if (catalog.database(database)) {
    if (ifNotExists) return existsAlready(database)
    if (!isReplacing) throw alreadyExists(database, name.token)
    throw unsupportedFeature('CREATE OR REPLACE DATABASE', name.token)
  }
  const comment = takeComment(cursor)
  cursor.expectEnd()
  await locks.hold(database, async () => {
    await run(`ATTACH ':memory:' AS ${quoteName(database)}`)
    await run(`CREATE SCHEMA ${quoteName(database)}."PUBLIC"`)
    const createdOn = new Date(clock.wallMs())
    const added = catalog.addDatabase({ name: database, comment, origin: '', createdOn, isReadOnly: false })
    catalog.addSchema(added, { name: 'PUBLIC', comment: '', createdOn })
  })
  session.database = database
  session.schema = 'PUBLIC'
  return toStatusResult(`Database ${database} successfully created.`)
}
