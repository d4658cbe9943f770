import { mayEnter, requirePrivilege } from '../access/require-privilege.ts'
import { toSecurable } from '../access/role.ts'
import { isTemporary, type Catalog, type DatabaseInfo, type SchemaInfo, type TableInfo } from '../catalog/catalog.ts'
import { renderObjectName } from '../translate/object-name.ts'
import type { ObjectName } from '../translate/scope.ts'
import { type SessionState, temporaryKey } from './session-state.ts'
import { doesNotExist, noCurrentDatabase, noCurrentSchema, type ObjectKind } from './snowflake-errors.ts'

/** A name with all its parts. */
export interface FullName {
  readonly database: string
  readonly schema: string
  readonly name: string
}

/** Fills in the parts a name leaves out from the session. Throws 090105 or 090106 where the session has none. */
export function qualify({ parts, token }: ObjectName, session: SessionState, action: string): FullName {
  const [name = '', givenSchema, givenDatabase] = parts.toReversed()
  const database = givenDatabase === undefined || givenDatabase === '' ? session.database : givenDatabase
  if (database === null) throw noCurrentDatabase(action, token)
  // `db..table` means the schema PUBLIC.
  const schema = givenSchema === '' ? 'PUBLIC' : (givenSchema ?? session.schema)
  if (schema === null) throw noCurrentSchema(action, token)
  return { database, schema, name }
}

export function requireDatabase(catalog: Catalog, name: string, token?: ObjectName['token']): DatabaseInfo {
  const database = catalog.database(name)
  if (!database) throw doesNotExist('Database', renderObjectName([name]), token)
  return database
}

export function requireSchema(catalog: Catalog, database: string, schema: string, token?: ObjectName['token']): SchemaInfo {
  const found = requireDatabase(catalog, database, token).schemas.get(schema)
  if (!found) throw doesNotExist('Schema', renderObjectName([database, schema]), token)
  return found
}

/** The table or view of this name; a temporary table of the session hides a permanent one. Nothing where there is none. */
export function findTable(catalog: Catalog, session: SessionState, { database, schema, name }: FullName): TableInfo | undefined {
  return session.temporaryTables.get(temporaryKey(database, schema, name)) ?? catalog.table(database, schema, name)
}

/** Without privileges on it, or on the way to it, a table is one that does not exist. */
function isVisible(session: SessionState, { database, schema }: FullName, table: TableInfo): boolean {
  if (isTemporary(table)) return true
  return mayEnter(session, database, schema) && session.access.sees(session, toSecurable(database, schema, table))
}

/** As {@link findTable}; throws 002003 that names what is missing, in the words the user chose, and 003001 where the role may not read it. */
export function requireTable(
  catalog: Catalog,
  session: SessionState,
  name: ObjectName,
  action: string,
  kind: ObjectKind = 'Object',
): TableInfo {
  const full = qualify(name, session, action)
  const found = findTable(catalog, session, full)
  if (found && isVisible(session, full, found)) {
    if (action === 'SELECT') requirePrivilege(session, 'SELECT', full, found)
    return found
  }
  if (name.parts.length > 1 && mayEnter(session, full.database)) requireSchema(catalog, full.database, full.schema, name.token)
  const shown = name.parts.length === 1 ? [full.name] : [full.database, full.schema, full.name]
  throw doesNotExist(kind, renderObjectName(shown), name.token)
}
