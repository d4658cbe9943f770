import { requireOwnership, requirePrivilege } from '../../access/require-privilege.ts'
import { isTemporary, isView } from '../../catalog/catalog.ts'
import { renderObjectName, takeObjectName } from '../../translate/object-name.ts'
import { quoteName } from '../../translate/quote.ts'
import type { ObjectName } from '../../translate/scope.ts'
import type { StatementResult } from '../engine.ts'
import { findTable, qualify, requireDatabase, requireSchema, requireTable } from '../name-resolution.ts'
import { temporaryKey } from '../session-state.ts'
import { doesNotExist, unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'
import { requireWritable } from './dml.ts'
import { dropRole } from './role-commands.ts'

/** `DROP TABLE | VIEW | SCHEMA | DATABASE | ROLE [IF EXISTS] name [CASCADE | RESTRICT]`; the cursor stands behind DROP. */
export const drop: Command = async (frame) => {
  const { cursor, scope } = frame
  const kind = cursor.token()
  const run = kinds.get(kind?.text.toUpperCase() ?? '')
  if (!run) throw unsupportedFeature(`DROP ${kind?.text.toUpperCase() ?? ''}`.trim(), kind)
  cursor.next()
  const ifExists = cursor.skipKeywords('IF', 'EXISTS')
  const name = takeObjectName(cursor, scope)
  if (!cursor.skipKeywords('CASCADE')) cursor.skipKeywords('RESTRICT')
  cursor.expectEnd()
  return await run(frame, name, ifExists)
}

type Drop = (frame: StatementFrame, name: ObjectName, ifExists: boolean) => Promise<StatementResult>

const wasNotThere = (name: ObjectName): StatementResult =>
  toStatusResult(`Drop statement executed successfully (${renderObjectName(name.parts)} already dropped).`)
const dropped = (name: string): StatementResult => toStatusResult(`${name} successfully dropped.`)

const dropTable: Drop = async (frame, name, ifExists) => await dropRelation(frame, name, ifExists, 'Table')

const dropView: Drop = async (frame, name, ifExists) => await dropRelation(frame, name, ifExists, 'View')

/** A temporary one hides a permanent one of the same name, so it goes first. */
async function dropRelation(
  frame: StatementFrame,
  name: ObjectName,
  ifExists: boolean,
  kind: 'Table' | 'View',
): Promise<StatementResult> {
  const { catalog, session, locks, run, options } = frame
  const full = qualify(name, session, `DROP ${kind.toUpperCase()}`)
  const found = findTable(catalog, session, full)
  if (!found && ifExists) return wasNotThere(name)
  if (!found && kind === 'Table') requireTable(catalog, session, name, 'DROP TABLE', kind)
  if (!found || isView(found) !== (kind === 'View')) throw doesNotExist(kind, renderObjectName(name.parts), name.token)
  const sql = `DROP ${kind.toUpperCase()} ${found.duckName}`
  if (isTemporary(found)) {
    await run(sql)
    session.temporaryTables.delete(temporaryKey(full.database, full.schema, full.name))
    return dropped(full.name)
  }
  requireWritable(frame, full.database)
  requirePrivilege(session, 'OWNERSHIP', full, found)
  return await locks.hold(full.database, options.signal, async () => {
    // Another session may have dropped it while this one waited.
    if (!catalog.table(full.database, full.schema, full.name)) throw doesNotExist(kind, renderObjectName(name.parts), name.token)
    await run(sql)
    catalog.dropTable(requireSchema(catalog, full.database, full.schema), full.name)
    return dropped(full.name)
  })
}

const dropSchema: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run, options } = frame
  const [schema = '', database = session.database ?? ''] = name.parts.toReversed()
  if (ifExists && !catalog.schema(database, schema)) return wasNotThere(name)
  requireSchema(catalog, database, schema, name.token)
  requireWritable(frame, database)
  requireOwnership(session, { kind: 'SCHEMA', path: [database, schema] })
  await locks.hold(database, options.signal, async () => {
    await run(`DROP SCHEMA ${quoteName(database)}.${quoteName(schema)} CASCADE`)
    catalog.dropSchema(requireDatabase(catalog, database), schema)
  })
  if (session.database === database && session.schema === schema) session.schema = null
  return dropped(schema)
}

/** The database leaves the catalogue at once. DuckDB lets go of it when the last session that reads it has ended its statement. */
const dropDatabase: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run, options } = frame
  const database = name.parts.at(-1) ?? ''
  if (ifExists && !catalog.database(database)) return wasNotThere(name)
  requireDatabase(catalog, database, name.token)
  requireWritable(frame, database)
  requireOwnership(session, { kind: 'DATABASE', path: [database] })
  await locks.hold(database, options.signal, async () => {
    await run(`DETACH ${quoteName(database)}`)
    catalog.dropDatabase(database)
  })
  if (session.database === database) {
    session.database = null
    session.schema = null
  }
  return dropped(database)
}

const kinds: ReadonlyMap<string, Drop> = new Map([
  ['TABLE', dropTable],
  ['VIEW', dropView],
  ['SCHEMA', dropSchema],
  ['DATABASE', dropDatabase],
  ['ROLE', dropRole],
])
