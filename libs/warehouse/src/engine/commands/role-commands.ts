import { insufficientPrivileges } from '../../access/require-privilege.ts'
import { Role } from '../../access/role.ts'
import { renderObjectName } from '../../translate/object-name.ts'
import type { ObjectName } from '../../translate/scope.ts'
import type { StatementResult } from '../engine.ts'
import { alreadyExists, doesNotExist, unsupportedFeature } from '../snowflake-errors.ts'
import type { StatementFrame } from '../statement-frame.ts'
import type { TableCell } from '../table-result.ts'
import { toStatusResult } from '../table-result.ts'
import { existsAlready, takeComment, takeNewName, type CreateOptions } from './create-options.ts'
import { texts, toShowResult } from './show-result.ts'

/** `ROLE [IF NOT EXISTS] name [COMMENT = '…']`: a role without any privilege, which its maker may use. */
export async function createRole(frame: StatementFrame, { isReplacing }: CreateOptions): Promise<StatementResult> {
  const { cursor, access, session, clock } = frame
  if (!access.isAdministrator(session)) throw insufficientPrivileges('account', 'LOCAL')
  const { name, ifNotExists } = takeNewName(frame)
  const [role = ''] = name.parts
  const comment = takeComment(cursor)
  cursor.expectEnd()
  if (access.role(role) && ifNotExists) return existsAlready(role)
  if (access.isBuiltIn(role) || (access.role(role) && !isReplacing)) throw alreadyExists(role, name.token)
  access.add(new Role(role, 'nothing', new Date(clock.wallMs()), comment), session.user)
  return toStatusResult(`Role ${role} successfully created.`)
}

/** `DROP ROLE`; the cursor stands behind the name. */
export async function dropRole(frame: StatementFrame, name: ObjectName, ifExists: boolean): Promise<StatementResult> {
  const { access, session } = frame
  if (!access.isAdministrator(session)) throw insufficientPrivileges('account', 'LOCAL')
  const [role = ''] = name.parts
  if (access.isBuiltIn(role)) throw insufficientPrivileges('role', role)
  if (!access.role(role)) {
    if (!ifExists) throw doesNotExist('Role', renderObjectName(name.parts), name.token)
    return toStatusResult(`Drop statement executed successfully (${role} already dropped).`)
  }
  access.drop(role)
  return toStatusResult(`${role} successfully dropped.`)
}

/** `SHOW GRANTS TO ROLE name`, `SHOW GRANTS TO USER name`. */
export async function showGrants(frame: StatementFrame): Promise<StatementResult> {
  const { cursor, access } = frame
  if (!cursor.skipKeywords('TO')) throw unsupportedFeature('SHOW GRANTS other than TO ROLE or TO USER', cursor.token())
  const isRole = cursor.skipKeywords('ROLE')
  if (!isRole && !cursor.skipKeywords('USER')) throw cursor.unexpected()
  const token = cursor.token()
  const name = cursor.takeName()
  cursor.expectEnd()
  if (!isRole) {
    const rows = access.rolesOf(name).map((role): TableCell[] => [role.createdOn, role.name, 'USER', name, ''])
    return toShowResult([['created_on', 'moment'], ...texts('role granted_to grantee_name granted_by')], rows)
  }
  const role = access.role(name)
  if (!role) throw doesNotExist('Role', name, token)
  const rows = role.grants.map(({ privilege, kind, path, isOnFuture, grantedOn }): TableCell[] => [
    grantedOn,
    privilege,
    kind,
    isOnFuture ? `${renderObjectName(path)}.<${kind}>` : renderObjectName(path),
    'ROLE',
    name,
    'false',
    '',
  ])
  const inherited = [...role.includes].map((inner): TableCell[] => [
    role.createdOn,
    'USAGE',
    'ROLE',
    inner,
    'ROLE',
    name,
    'false',
    '',
  ])
  return toShowResult(
    [['created_on', 'moment'], ...texts('privilege granted_on name granted_to grantee_name grant_option granted_by')],
    [...rows, ...inherited],
  )
}
