import { isTemporary, type TableInfo } from '../catalog/catalog.ts'
import type { FullName } from '../engine/name-resolution.ts'
import type { SessionState } from '../engine/session-state.ts'
import { SnowflakeError } from '../engine/snowflake-error.ts'
import { toSecurable, type Securable } from './role.ts'

/** Throws 003001 where the session's role lacks a privilege on a table or view of others. */
export function requirePrivilege(
  session: SessionState,
  privilege: string,
  { database, schema }: FullName,
  table: TableInfo,
): void {
  if (isTemporary(table)) return
  if (!session.access.allows(session, privilege, toSecurable(database, schema, table)))
    throw insufficientPrivileges(table.kind === 'VIEW' ? 'view' : 'table', table.name)
}

/** Throws 003001 where the session's role may not make such things in a database or schema. */
export function requireCreation(session: SessionState, what: string, place: Securable): void {
  if (!session.access.allows(session, `CREATE ${what}`, place))
    throw insufficientPrivileges(place.kind.toLowerCase(), place.path.at(-1) ?? 'LOCAL')
}

/** Throws 003001 where the session's role does not own a schema or database. */
export function requireOwnership(session: SessionState, thing: Securable): void {
  if (!session.access.allows(session, 'OWNERSHIP', thing))
    throw insufficientPrivileges(thing.kind.toLowerCase(), thing.path.at(-1) ?? '')
}

/** Makes the session's role the owner of what it has just made; roles that may do everything need no grant for it. */
export function giveOwnership(session: SessionState, { kind, path }: Securable, grantedOn: Date): void {
  const role = session.access.role(session.role)
  if (role?.reach !== 'nothing') return
  role.grants = [...role.grants, { privilege: 'OWNERSHIP', kind, path, isOnFuture: false, grantedOn }]
}

/** 003001: the role may know the thing, and may not do that with it. */
export function insufficientPrivileges(kind: string, name: string): SnowflakeError {
  const message = `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`
  return new SnowflakeError('003001', '42501', message)
}

/** Whether the session may enter a schema, or only a database. */
export function mayEnter(session: SessionState, database: string, schema?: string): boolean {
  const isInDatabase = session.access.allows(session, 'USAGE', { kind: 'DATABASE', path: [database] })
  if (schema === undefined || schema === 'INFORMATION_SCHEMA' || !isInDatabase) return isInDatabase
  return session.access.allows(session, 'USAGE', { kind: 'SCHEMA', path: [database, schema] })
}
