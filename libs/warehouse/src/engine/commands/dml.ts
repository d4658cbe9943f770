import { isKeyword, isOperator, type TokenNode } from '@squall/snowflake-sql'
import { insufficientPrivileges, requirePrivilege } from '../../access/require-privilege.ts'
import { isTemporary, isView, type TableInfo } from '../../catalog/catalog.ts'
import { leafToken, NodeCursor, splitAtOperator } from '../../translate/node-cursor.ts'
import { takeObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import { looksLikeQuery } from '../../translate/translate-query.ts'
import type { StatementResult } from '../engine.ts'
import { qualify, requireTable } from '../name-resolution.ts'
import { unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { beginTransaction, inOneTransaction } from './transaction.ts'
import { toStatusResult, toTableResult } from '../table-result.ts'

/** INSERT, UPDATE, DELETE, MERGE, TRUNCATE. */
export const dml: Command = async (frame) => {
  const verb = frame.cursor.token()?.text.toUpperCase() ?? ''
  const run = verbs.get(verb)
  if (!run) throw frame.cursor.unexpected()
  frame.cursor.next()
  return await run(frame)
}

interface Target {
  readonly table: TableInfo
  readonly database: string
}

/** The table to be changed. Throws 002003 where there is none, 003001 where it belongs to a share. */
function takeTarget(frame: StatementFrame, action: string): Target {
  const name = takeObjectName(frame.cursor, frame.scope)
  const table = requireTable(frame.catalog, frame.session, name, action)
  const { database } = qualify(name, frame.session, action)
  if (isView(table)) throw unsupportedFeature(`${action} on a view`, name.token)
  if (!isTemporary(table)) requireWritable(frame, database)
  for (const privilege of action === 'MERGE' ? ['INSERT', 'UPDATE'] : [action])
    requirePrivilege(frame.session, privilege, qualify(name, frame.session, action), table)
  return { table, database }
}

/** Throws 003001 for a database that is a read-only share. */
export function requireWritable({ catalog }: StatementFrame, database: string): void {
  if (catalog.database(database)?.isReadOnly !== true) return
  throw insufficientPrivileges('database', database)
}

/** Runs what changes the table and counts the rows it changed. */
async function change(frame: StatementFrame, target: Target, sql: string): Promise<number> {
  return (await write(frame, target, sql)).rowsChanged
}

async function write(frame: StatementFrame, { table, database }: Target, sql: string): ReturnType<StatementFrame['run']> {
  const { session, locks, run, options } = frame
  const place = isTemporary(table) ? null : database
  const isAutocommit = session.parameters.get('AUTOCOMMIT') === true
  const open = session.transaction ?? (isAutocommit ? undefined : beginTransaction(frame))
  if (open) return await open.write(place, sql, run, options.signal)
  return await (place === null ? run(sql) : locks.hold(place, options.signal, () => run(sql)))
}

function countResult(names: readonly string[], counts: readonly number[], type: number): StatementResult {
  return toTableResult(
    names.map((name) => [name, 'fixed'] as const),
    [counts],
    type,
  )
}

async function insert(frame: StatementFrame): Promise<StatementResult> {
  const { cursor, scope } = frame
  const isOverwrite = cursor.skipKeywords('OVERWRITE')
  if (cursor.isAtKeyword('ALL', 'FIRST')) throw unsupportedFeature('multi-table INSERT', cursor.token())
  if (!cursor.skipKeywords('INTO')) throw cursor.unexpected()
  const target = takeTarget(frame, 'INSERT')
  const columns = cursor.group('(') && !looksLikeQuery(cursor.group('(')?.children ?? []) ? cursor.takeGroup('(') : undefined
  const list = columns ? ` (${columnNames(columns.children)})` : ''
  const rows = directValues(frame) ?? scope.query(cursor.takeRest(), scope)
  const insertion = `INSERT INTO ${target.table.duckName}${list} ${rows}`
  const count = await (isOverwrite
    ? inOneTransaction(frame, async () => {
        await change(frame, target, `DELETE FROM ${target.table.duckName}`)
        return await change(frame, target, insertion)
      })
    : change(frame, target, insertion))
  return countResult(['number of rows inserted'], [count], statementTypes.insert)
}

/** `VALUES` with the word DEFAULT among the values, which only a plain INSERT understands; nothing where there is none. */
function directValues({ cursor, scope }: StatementFrame): string | undefined {
  const rows = cursor.nodes.slice(cursor.at + 1)
  const cells = rows.flatMap((row) => (row.kind === 'group' ? splitAtOperator(row.children, ',') : []))
  if (!cursor.isAtKeyword('VALUES') || !cells.some(isDefault)) return undefined
  cursor.takeRest()
  const lists = rows.flatMap((row) => (row.kind === 'group' ? [splitAtOperator(row.children, ',')] : []))
  const render = (cell: readonly TokenNode[]): string => (isDefault(cell) ? 'DEFAULT' : scope.expression(cell, scope))
  return `VALUES ${lists.map((list) => `(${list.map(render).join(', ')})`).join(', ')}`
}

function isDefault(cell: readonly TokenNode[]): boolean {
  return cell.length === 1 && isKeyword(leafToken(cell[0]), 'DEFAULT')
}

function columnNames(nodes: readonly TokenNode[]): string {
  return splitAtOperator(nodes, ',')
    .map((column) => quoteName(new NodeCursor(column).takeName()))
    .join(', ')
}

function takeAlias(cursor: NodeCursor, ...stops: readonly string[]): string {
  if (cursor.skipKeywords('AS')) return ` AS ${quoteName(cursor.takeName())}`
  return cursor.isAtEnd || cursor.isAtKeyword(...stops) ? '' : ` AS ${quoteName(cursor.takeName())}`
}

/** A temporary table goes by another name in DuckDB; its own name becomes the alias, so that columns can be qualified. */
function aliased({ table }: Target, alias: string): string {
  return `${table.duckName}${alias === '' && isTemporary(table) ? ` AS ${quoteName(table.name)}` : alias}`
}

async function update(frame: StatementFrame): Promise<StatementResult> {
  const { cursor } = frame
  const target = takeTarget(frame, 'UPDATE')
  const alias = takeAlias(cursor, 'SET')
  if (!cursor.skipKeywords('SET')) throw cursor.unexpected()
  const assignments = takeUntil(cursor, 'FROM', 'WHERE')
  const sets = splitAtOperator(assignments, ',').map((assignment) => translateAssignment(assignment, frame))
  const tail = translateTail(frame, 'FROM')
  const count = await change(frame, target, `UPDATE ${aliased(target, alias)} SET ${sets.join(', ')}${tail}`)
  return countResult(['number of rows updated', 'number of multi-joined rows updated'], [count, 0], statementTypes.update)
}

/** `t.a = expression`: DuckDB wants the column alone on the left. */
function translateAssignment(nodes: readonly TokenNode[], { scope }: StatementFrame): string {
  const equals = nodes.findIndex((node) => isOperator(leafToken(node), '='))
  const column = new NodeCursor(nodes.slice(equals - 1, equals))
  return `${quoteName(column.takeName())} = ${scope.expression(nodes.slice(equals + 1), scope)}`
}

async function remove(frame: StatementFrame): Promise<StatementResult> {
  const { cursor } = frame
  if (!cursor.skipKeywords('FROM')) throw cursor.unexpected()
  const target = takeTarget(frame, 'DELETE')
  const alias = takeAlias(cursor, 'USING', 'WHERE')
  const tail = translateTail(frame, 'USING')
  const count = await change(frame, target, `DELETE FROM ${aliased(target, alias)}${tail}`)
  return countResult(['number of rows deleted'], [count], statementTypes.delete)
}

function takeUntil(cursor: NodeCursor, ...stops: readonly string[]): readonly TokenNode[] {
  const start = cursor.at
  while (!cursor.isAtEnd && !cursor.isAtKeyword(...stops)) cursor.at += 1
  return cursor.nodes.slice(start, cursor.at)
}

/** The further tables and the condition of an UPDATE or DELETE. */
function translateTail({ cursor, scope }: StatementFrame, from: 'FROM' | 'USING'): string {
  const tables = cursor.skipKeywords(from) ? takeUntil(cursor, 'WHERE') : undefined
  const condition = cursor.skipKeywords('WHERE') ? cursor.takeRest() : undefined
  cursor.expectEnd()
  const tableText = tables ? ` ${from} ${scope.relations(tables, scope)}` : ''
  return `${tableText}${condition ? ` WHERE ${scope.expression(condition, scope)}` : ''}`
}

async function merge(frame: StatementFrame): Promise<StatementResult> {
  const { cursor, scope } = frame
  if (!cursor.skipKeywords('INTO')) throw cursor.unexpected()
  const target = takeTarget(frame, 'MERGE')
  const alias = takeAlias(cursor, 'USING')
  if (!cursor.skipKeywords('USING')) throw cursor.unexpected()
  const source = scope.relations(takeUntil(cursor, 'ON'), scope)
  cursor.next()
  const condition = scope.expression(takeUntil(cursor, 'WHEN'), scope)
  const actions: string[] = []
  while (cursor.skipKeywords('WHEN')) actions.push(`WHEN ${translateMergeAction(takeUntil(cursor, 'WHEN'), frame)}`)
  const sql = `MERGE INTO ${aliased(target, alias)} USING ${source} ON ${condition} ${actions.join(' ')} RETURNING merge_action`
  const result = await write(frame, target, sql)
  const done = Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index).getRows()).flat(2)
  // As in Snowflake, there is a count for each kind of change the statement could make, in this order.
  const possible = (['INSERT', 'UPDATE', 'DELETE'] as const).filter((kind) =>
    actions.some((action) => action.includes(` THEN ${kind}`)),
  )
  return countResult(
    possible.map((kind) => `number of rows ${pastTense[kind]}`),
    possible.map((kind) => done.filter((action) => action === kind).length),
    statementTypes.merge,
  )
}

const pastTense = { INSERT: 'inserted', UPDATE: 'updated', DELETE: 'deleted' } as const

/** `[NOT] MATCHED [AND …] THEN UPDATE SET … | DELETE | INSERT …`. */
function translateMergeAction(nodes: readonly TokenNode[], frame: StatementFrame): string {
  const { scope } = frame
  const cursor = new NodeCursor(nodes)
  const isNot = cursor.skipKeywords('NOT')
  if (!cursor.skipKeywords('MATCHED')) throw cursor.unexpected()
  const extra = cursor.skipKeywords('AND') ? ` AND ${scope.expression(takeUntil(cursor, 'THEN'), scope)}` : ''
  if (!cursor.skipKeywords('THEN')) throw cursor.unexpected()
  const head = `${isNot ? 'NOT ' : ''}MATCHED${extra} THEN`
  if (cursor.skipKeywords('DELETE')) return `${head} DELETE`
  if (cursor.skipKeywords('UPDATE', 'SET')) {
    return `${head} UPDATE SET ${splitAtOperator(cursor.takeRest(), ',')
      .map((assignment) => translateAssignment(assignment, frame))
      .join(', ')}`
  }
  if (!cursor.skipKeywords('INSERT')) throw cursor.unexpected()
  const columns = cursor.takeGroup('(')
  const values = cursor.skipKeywords('VALUES') ? cursor.takeGroup('(') : undefined
  if (!values) throw cursor.unexpected()
  const list = columns ? ` (${columnNames(columns.children)})` : ''
  return `${head} INSERT${list} VALUES (${scope.expression(values.children, scope)})`
}

async function truncate(frame: StatementFrame): Promise<StatementResult> {
  frame.cursor.skipKeywords('TABLE')
  const target = takeTarget(frame, 'TRUNCATE')
  frame.cursor.expectEnd()
  await change(frame, target, `DELETE FROM ${target.table.duckName}`)
  return toStatusResult('Statement executed successfully.')
}

const verbs: ReadonlyMap<string, Command> = new Map([
  ['INSERT', insert],
  ['UPDATE', update],
  ['DELETE', remove],
  ['MERGE', merge],
  ['TRUNCATE', truncate],
])
