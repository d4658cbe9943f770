import { mayEnter } from '../../access/require-privilege.ts'
import { operationCannotBePerformed, unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { statementTypes } from '../statement-types.ts'
import { toStatusResult } from '../table-result.ts'
import { takeObjectName } from '../../translate/object-name.ts'
import type { ObjectName } from '../../translate/scope.ts'

/** `USE [DATABASE | SCHEMA | ROLE | WAREHOUSE] name`, `USE SECONDARY ROLES …`. */
export const use: Command = async (frame) => {
  const { cursor, scope } = frame
  cursor.next()
  if (cursor.skipKeywords('SECONDARY', 'ROLES')) {
    const choice = cursor.skipKeywords('ALL') ? true : cursor.skipKeywords('NONE') ? false : undefined
    if (choice === undefined) throw unsupportedFeature('USE SECONDARY ROLES of some roles only', cursor.token())
    cursor.expectEnd()
    frame.session.hasSecondaryRoles = choice
    return done()
  }
  const kind = ['DATABASE', 'SCHEMA', 'ROLE', 'WAREHOUSE'].find((word) => cursor.skipKeywords(word)) ?? ''
  const name = takeObjectName(cursor, scope)
  cursor.expectEnd()
  if (!frame.options.describeOnly) apply(kind, name, frame)
  return done()
}

function done(): ReturnType<typeof toStatusResult> {
  return toStatusResult('Statement executed successfully.', statementTypes.use)
}

function apply(kind: string, name: ObjectName, { session, catalog, warehouses }: StatementFrame): void {
  const [last = '', database] = name.parts.toReversed()
  if (kind === 'ROLE') {
    if (!session.access.mayUse(session.user, last)) throw operationCannotBePerformed(name.token)
    session.role = last
  } else if (kind === 'WAREHOUSE') {
    if (!warehouses.get(last) || !session.access.allows(session, 'USAGE', { kind: 'WAREHOUSE', path: [last] }))
      throw operationCannotBePerformed(name.token)
    session.warehouse = last
  } else if (kind === 'SCHEMA' || name.parts.length === 2) useSchema(name, database ?? session.database, last)
  else useDatabase(last)

  function useDatabase(wanted: string): void {
    const found = catalog.database(wanted)
    if (!found || !mayEnter(session, wanted)) throw operationCannotBePerformed(name.token)
    session.database = wanted
    session.schema = found.schemas.has('PUBLIC') && mayEnter(session, wanted, 'PUBLIC') ? 'PUBLIC' : null
  }

  function useSchema(written: ObjectName, inDatabase: string | null, schema: string): void {
    if (inDatabase === null || !catalog.database(inDatabase)) throw operationCannotBePerformed(written.token)
    if (schema !== 'INFORMATION_SCHEMA' && !catalog.schema(inDatabase, schema)) throw operationCannotBePerformed(written.token)
    if (!mayEnter(session, inDatabase, schema)) throw operationCannotBePerformed(written.token)
    session.database = inDatabase
    session.schema = schema
  }
}
