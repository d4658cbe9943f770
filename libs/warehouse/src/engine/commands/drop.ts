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

/** `DROP TABLE | VIEW | SCHEMA | DATABASE [IF EXISTS] name [CASCADE | RESTRICT]`; the cursor stands behind DROP. */
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

const dropTable: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run } = frame
  const full = qualify(name, session, 'DROP TABLE')
  const found = findTable(catalog, session, full)
  if (!found && ifExists) return wasNotThere(name)
  const table = requireTable(catalog, session, name, 'DROP TABLE', 'Table')
  if (table.kind === 'VIEW') throw doesNotExist('Table', renderObjectName(name.parts), name.token)
  if (table.kind === 'TEMPORARY') {
    await run(`DROP TABLE ${table.duckName}`)
    session.temporaryTables.delete(temporaryKey(full.database, full.schema, full.name))
    return dropped(full.name)
  }
  requireWritable(frame, full.database)
  await locks.hold(full.database, async () => {
    await run(`DROP TABLE ${table.duckName}`)
    catalog.dropTable(requireSchema(catalog, full.database, full.schema), full.name)
  })
  return dropped(full.name)
}

const dropView: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run } = frame
  const full = qualify(name, session, 'DROP VIEW')
  const view = catalog.table(full.database, full.schema, full.name)
  if (view?.kind !== 'VIEW') {
    if (ifExists) return wasNotThere(name)
    throw doesNotExist('View', renderObjectName(name.parts), name.token)
  }
  requireWritable(frame, full.database)
  await locks.hold(full.database, async () => {
    await run(`DROP VIEW ${view.duckName}`)
    catalog.dropTable(requireSchema(catalog, full.database, full.schema), full.name)
  })
  return dropped(full.name)
}

const dropSchema: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run } = frame
  const [schema = '', database = session.database ?? ''] = name.parts.toReversed()
  if (ifExists && !catalog.schema(database, schema)) return wasNotThere(name)
  requireSchema(catalog, database, schema, name.token)
  requireWritable(frame, database)
  await locks.hold(database, async () => {
    await run(`DROP SCHEMA ${quoteName(database)}.${quoteName(schema)} CASCADE`)
    catalog.dropSchema(requireDatabase(catalog, database), schema)
  })
  if (session.database === database && session.schema === schema) session.schema = null
  return dropped(schema)
}

/** The database leaves the catalogue at once. DuckDB lets go of it when the last session that reads it has ended its statement. */
const dropDatabase: Drop = async (frame, name, ifExists) => {
  const { catalog, session, locks, run } = frame
  const database = name.parts.at(-1) ?? ''
  if (ifExists && !catalog.database(database)) return wasNotThere(name)
  requireDatabase(catalog, database, name.token)
  requireWritable(frame, database)
  await locks.hold(database, async () => {
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
])
