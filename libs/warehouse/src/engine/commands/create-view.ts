import { giveOwnership, requireCreation } from '../../access/require-privilege.ts'
import { toSecurable } from '../../access/role.ts'
import { isView, type TableInfo } from '../../catalog/catalog.ts'
import { NodeCursor, splitAtOperator } from '../../translate/node-cursor.ts'
import { renderObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import type { StatementResult } from '../engine.ts'
import { findTable, qualify, requireSchema } from '../name-resolution.ts'
import { temporaryKey } from '../session-state.ts'
import { alreadyExists } from '../snowflake-errors.ts'
import type { StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'
import { existsAlready, permanentName, takeComment, takeNewName, type CreateOptions } from './create-options.ts'
import { requireWritable } from './dml.ts'
import { readColumns } from './read-columns.ts'

/** `VIEW [IF NOT EXISTS] name [(columns)] [COMMENT = '…'] AS query`. */
export async function createView(frame: StatementFrame, { isReplacing, isTemporary }: CreateOptions): Promise<StatementResult> {
  const { session, catalog, locks, options } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const full = qualify(name, session, 'CREATE VIEW')
  const key = temporaryKey(full.database, full.schema, full.name)
  requireSchema(catalog, full.database, full.schema, name.token)
  const make = async (): Promise<StatementResult> => {
    const existing = isTemporary ? session.temporaryTables.get(key) : findTable(catalog, session, full)
    if (existing && ifNotExists) return existsAlready(full.name)
    if (existing && !(isReplacing && isView(existing)))
      throw alreadyExists(renderObjectName([full.database, full.schema, full.name]), name.token)
    const duckName = isTemporary ? `temp.main.${quoteName(key)}` : permanentName(full)
    const view = await makeView(frame, full.name, duckName, isTemporary)
    if (isTemporary) session.temporaryTables.set(key, view)
    else {
      catalog.addTable(requireSchema(catalog, full.database, full.schema, name.token), view)
      giveOwnership(session, toSecurable(full.database, full.schema, view), view.createdOn)
    }
    return toStatusResult(`View ${full.name} successfully created.`)
  }
  if (isTemporary) return await make()
  requireWritable(frame, full.database)
  requireCreation(session, 'VIEW', { kind: 'SCHEMA', path: [full.database, full.schema] })
  return await locks.hold(full.database, options.signal, make)
}

async function makeView(frame: StatementFrame, name: string, duckName: string, isTemporary: boolean): Promise<TableInfo> {
  const { cursor, scope, run, clock, statement } = frame
  const columns = cursor.takeGroup('(')
  const comment = takeComment(cursor)
  if (!cursor.skipKeywords('AS')) throw cursor.unexpected()
  const names = splitAtOperator(columns?.children ?? [], ',').map((column) => quoteName(new NodeCursor(column).takeName()))
  const list = columns ? ` (${names.join(', ')})` : ''
  const query = scope.query(cursor.takeRest(), scope)
  await run(`CREATE OR REPLACE ${isTemporary ? 'TEMPORARY ' : ''}VIEW ${duckName}${list} AS ${query}`)
  return {
    name,
    kind: isTemporary ? 'TEMPORARY VIEW' : 'VIEW',
    columns: await readColumns(duckName, run),
    comment,
    createdOn: new Date(clock.wallMs()),
    text: statement.text,
    duckName,
  }
}
