import { isSameGrant } from '../../access/access.ts'
import { insufficientPrivileges } from '../../access/require-privilege.ts'
import type { Grant, Role, SecurableKind } from '../../access/role.ts'
import { isView } from '../../catalog/catalog.ts'
import type { NodeCursor } from '../../translate/node-cursor.ts'
import { takeObjectName } from '../../translate/object-name.ts'
import { qualify, requireDatabase, requireSchema, requireTable } from '../name-resolution.ts'
import { doesNotExist, operationCannotBePerformed, unsupportedFeature } from '../snowflake-errors.ts'
import type { Command, StatementFrame } from '../statement-frame.ts'
import { toStatusResult } from '../table-result.ts'

/**
 * `GRANT privileges ON kind name TO ROLE role`, `… ON ALL | FUTURE TABLES IN SCHEMA name …`, `GRANT ROLE a TO ROLE b | USER u`,
 * and REVOKE … FROM of the same. Only roles that may do everything grant.
 */
export const grant: Command = async (frame) => {
  const { cursor, access, session } = frame
  if (!access.isAdministrator(session)) throw insufficientPrivileges('account', 'LOCAL')
  const isGrant = cursor.skipKeywords('GRANT')
  if (!isGrant) cursor.next()
  if (cursor.skipKeywords('ROLE')) changeMembership(frame, isGrant)
  else changePrivileges(frame, isGrant)
  return toStatusResult('Statement executed successfully.')
}

/** `ROLE a TO ROLE b`, `ROLE a TO USER u`. */
function changeMembership(frame: StatementFrame, isGrant: boolean): void {
  const { cursor, access } = frame
  const inner = takeRole(frame)
  takeDirection(cursor, isGrant)
  if (cursor.skipKeywords('USER')) {
    const user = cursor.takeName()
    cursor.expectEnd()
    if (isGrant) access.grantToUser(inner.name, user)
    else access.revokeFromUser(inner.name, user)
    return
  }
  if (!cursor.skipKeywords('ROLE')) throw cursor.unexpected()
  const outer = takeRole(frame)
  cursor.expectEnd()
  if (isGrant) outer.includes.add(inner.name)
  else outer.includes.delete(inner.name)
}

function changePrivileges(frame: StatementFrame, isGrant: boolean): void {
  const { cursor } = frame
  const privileges = takePrivileges(cursor)
  if (!cursor.skipKeywords('ON')) throw cursor.unexpected()
  const targets = takeTargets(frame)
  takeDirection(cursor, isGrant)
  if (!cursor.skipKeywords('ROLE')) throw cursor.unexpected()
  const role = takeRole(frame)
  if (cursor.skipKeywords('WITH', 'GRANT', 'OPTION')) throw unsupportedFeature('WITH GRANT OPTION', cursor.token(-1))
  if (!cursor.skipKeywords('CASCADE')) cursor.skipKeywords('RESTRICT')
  cursor.expectEnd()
  const grantedOn = new Date(frame.clock.wallMs())
  const changed = targets.flatMap(({ kind, path, isOnFuture }) =>
    privileges.map((privilege): Grant => ({ kind, path, isOnFuture, privilege, grantedOn })),
  )
  const others = role.grants.filter((one) => !changed.some((other) => isSameGrant(one, other)))
  role.grants = isGrant ? [...others, ...changed] : others
}

function takeDirection(cursor: NodeCursor, isGrant: boolean): void {
  if (!cursor.skipKeywords(isGrant ? 'TO' : 'FROM')) throw cursor.unexpected()
}

function takeRole({ cursor, access }: StatementFrame): Role {
  const token = cursor.token()
  const role = access.role(cursor.takeName())
  if (!role) throw doesNotExist('Role', token?.text.toUpperCase() ?? '', token)
  return role
}

/** `SELECT, INSERT`, `CREATE TABLE`, `ALL [PRIVILEGES]`, `IMPORTED PRIVILEGES`. */
function takePrivileges(cursor: NodeCursor): string[] {
  const privileges: string[] = []
  let words: string[] = []
  const finish = (): void => {
    if (words.length === 0) throw cursor.unexpected()
    privileges.push(words[0] === 'ALL' ? 'ALL' : words.join(' '))
    words = []
  }
  while (!cursor.isAtEnd && !cursor.isAtKeyword('ON')) {
    if (cursor.skipOperator(',')) finish()
    else words.push(cursor.takeName())
  }
  finish()
  return privileges
}

type Target = Pick<Grant, 'kind' | 'path' | 'isOnFuture'>

const plurals: Readonly<Record<string, SecurableKind>> = { TABLES: 'TABLE', VIEWS: 'VIEW', SCHEMAS: 'SCHEMA' }

function takeTargets(frame: StatementFrame): readonly Target[] {
  const { cursor } = frame
  if (cursor.skipKeywords('ACCOUNT')) return [{ kind: 'ACCOUNT', path: [], isOnFuture: false }]
  const isOnFuture = cursor.skipKeywords('FUTURE')
  return isOnFuture || cursor.skipKeywords('ALL') ? takeMany(frame, isOnFuture) : [takeOne(frame)]
}

/** `TABLES IN SCHEMA s`, `VIEWS IN DATABASE d`, …: those there are now, or those to come. */
function takeMany(frame: StatementFrame, isOnFuture: boolean): readonly Target[] {
  const { cursor, catalog, session } = frame
  const token = cursor.token()
  const kind = plurals[token?.text.toUpperCase() ?? '']
  if (!kind) throw unsupportedFeature(`grants on ${token?.text.toUpperCase() ?? ''}`, token)
  cursor.next()
  if (!cursor.skipKeywords('IN')) throw cursor.unexpected()
  const isSchema = cursor.skipKeywords('SCHEMA')
  if (!isSchema && !cursor.skipKeywords('DATABASE')) throw cursor.unexpected()
  const name = takeObjectName(cursor, frame.scope)
  const [last = '', before = session.database ?? ''] = name.parts.toReversed()
  const path = isSchema ? [before, last] : [last]
  const [databaseName = '', schemaName] = path
  const database = requireDatabase(catalog, databaseName, name.token)
  if (schemaName !== undefined) requireSchema(catalog, databaseName, schemaName, name.token)
  if (isOnFuture) return [{ kind, path, isOnFuture }]
  const schemas = [...database.schemas.values()].filter((schema) => schemaName === undefined || schema.name === schemaName)
  if (kind === 'SCHEMA') return schemas.map((schema) => ({ kind, path: [databaseName, schema.name], isOnFuture }))
  return schemas.flatMap((schema) =>
    [...schema.tables.values()]
      .filter((table) => isView(table) === (kind === 'VIEW'))
      .map((table): Target => ({ kind, path: [databaseName, schema.name, table.name], isOnFuture })),
  )
}

/** `DATABASE d`, `SCHEMA s`, `TABLE t`, `VIEW v`, `WAREHOUSE w`. */
function takeOne(frame: StatementFrame): Target {
  const { cursor, catalog, session, warehouses } = frame
  const token = cursor.token()
  const kind = (['DATABASE', 'SCHEMA', 'TABLE', 'VIEW', 'WAREHOUSE'] as const).find((word) => cursor.skipKeywords(word))
  if (!kind) throw unsupportedFeature(`grants on ${token?.text.toUpperCase() ?? ''}`, token)
  const name = takeObjectName(cursor, frame.scope)
  const [last = '', before = session.database ?? ''] = name.parts.toReversed()
  if (kind === 'WAREHOUSE') {
    if (!warehouses.get(last)) throw operationCannotBePerformed(name.token)
    return { kind, path: [last], isOnFuture: false }
  }
  if (kind === 'DATABASE') {
    requireDatabase(catalog, last, name.token)
    return { kind, path: [last], isOnFuture: false }
  }
  if (kind === 'SCHEMA') {
    requireSchema(catalog, before, last, name.token)
    return { kind, path: [before, last], isOnFuture: false }
  }
  const table = requireTable(catalog, session, name, 'GRANT')
  const { database, schema } = qualify(name, session, 'GRANT')
  return { kind: isView(table) ? 'VIEW' : 'TABLE', path: [database, schema, table.name], isOnFuture: false }
}
