import { giveOwnership, requireCreation } from '../../access/require-privilege.ts'
import { quoteName } from '../../translate/quote.ts'
import type { StatementResult } from '../engine.ts'
import { requireDatabase } from '../name-resolution.ts'
import { alreadyExists, unsupportedFeature } from '../snowflake-errors.ts'
import type { StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'
import { existsAlready, takeComment, takeNewName, type CreateOptions } from './create-options.ts'
import { requireWritable } from './dml.ts'

/** `SCHEMA [IF NOT EXISTS] name [COMMENT = '…']`. */
export async function createSchema(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, session, catalog, locks, run, clock, options } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const [schema = '', databaseName = session.database ?? ''] = name.parts.toReversed()
  const database = requireDatabase(catalog, databaseName, name.token)
  if (database.schemas.has(schema)) {
    if (ifNotExists) return existsAlready(schema)
    if (!isReplacing) throw alreadyExists(schema, name.token)
  }
  requireWritable(frame, databaseName)
  requireCreation(session, 'SCHEMA', { kind: 'DATABASE', path: [databaseName] })
  const comment = takeComment(cursor)
  cursor.expectEnd()
  await locks.hold(databaseName, options.signal, async () => {
    const duckName = `${quoteName(databaseName)}.${quoteName(schema)}`
    if (database.schemas.has(schema)) await run(`DROP SCHEMA ${duckName} CASCADE`)
    await run(`CREATE SCHEMA ${duckName}`)
    catalog.addSchema(database, { name: schema, comment, createdOn: new Date(clock.wallMs()) })
  })
  giveOwnership(session, { kind: 'SCHEMA', path: [databaseName, schema] }, new Date(clock.wallMs()))
  session.database = databaseName
  session.schema = schema
  return toStatusResult(`Schema ${schema} successfully created.`)
}

/** `DATABASE [IF NOT EXISTS] name [COMMENT = '…']`. New databases live in memory: they end with the program. */
export async function createDatabase(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, session, catalog, locks, run, clock, options } = frame
  const { name, ifNotExists } = takeNewName(frame)
  const [database = ''] = name.parts
  if (catalog.database(database)) {
    if (ifNotExists) return existsAlready(database)
    if (!isReplacing) throw alreadyExists(database, name.token)
    throw unsupportedFeature('CREATE OR REPLACE DATABASE', name.token)
  }
  requireCreation(session, 'DATABASE', { kind: 'ACCOUNT', path: [] })
  const comment = takeComment(cursor)
  cursor.expectEnd()
  await locks.hold(database, options.signal, async () => {
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
