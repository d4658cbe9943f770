import type { TableInfo } from '../catalog/catalog.ts'

/** Kinds of things a privilege is on. */
export type SecurableKind = 'DATABASE' | 'SCHEMA' | 'TABLE' | 'VIEW' | 'WAREHOUSE' | 'ACCOUNT'

/** A thing a privilege is on: `['DB', 'SCHEMA', 'T']`, `['COMPUTE_WH']`, or nothing for the account. */
export interface Securable {
  readonly kind: SecurableKind
  readonly path: readonly string[]
  /** When it was made, for grants on things to come. */
  readonly createdOn?: Date
}

export interface Grant {
  /** `SELECT`, `USAGE`, `CREATE TABLE`, `OWNERSHIP`, `ALL`, … */
  readonly privilege: string
  readonly kind: SecurableKind
  /** Of the thing itself, or of the database or schema that holds the things to come. */
  readonly path: readonly string[]
  readonly isOnFuture: boolean
  readonly grantedOn: Date
}

/** What a role may do without any grant: everything, read everything, or nothing. */
export type Reach = 'everything' | 'reading' | 'nothing'

export class Role {
  readonly name: string
  readonly reach: Reach
  readonly comment: string
  readonly createdOn: Date
  /** Roles granted to this one, whose privileges it has too. */
  readonly includes = new Set<string>()
  grants: readonly Grant[] = []

  constructor(name: string, reach: Reach, createdOn: Date, comment = '') {
    this.name = name
    this.reach = reach
    this.createdOn = createdOn
    this.comment = comment
  }

  /** Whether the role has this privilege itself. */
  has(privilege: string, thing: Securable): boolean {
    if (this.reach === 'everything') return true
    if (this.reach === 'reading' && readingPrivileges.has(privilege)) return true
    return this.grants.some((grant) => covers(grant, thing) && implies(grant.privilege, privilege))
  }

  /** Whether the role has any privilege on it, and so may know that it exists. */
  sees(thing: Securable): boolean {
    return this.reach !== 'nothing' || this.grants.some((grant) => covers(grant, thing))
  }
}

const readingPrivileges = new Set(['USAGE', 'SELECT', 'REFERENCES', 'MONITOR'])

function implies(granted: string, wanted: string): boolean {
  if (granted === wanted || granted === 'OWNERSHIP' || granted === 'ALL') return true
  return granted === 'IMPORTED PRIVILEGES' && readingPrivileges.has(wanted)
}

function covers({ kind, path, isOnFuture, grantedOn, privilege }: Grant, thing: Securable): boolean {
  const isWithin = path.every((part, index) => part === thing.path[index])
  // The privileges of a share are those on all that is in it.
  if (privilege === 'IMPORTED PRIVILEGES') return isWithin && path.length <= thing.path.length
  if (kind !== thing.kind || !isWithin) return false
  return isOnFuture ? thing.createdOn !== undefined && thing.createdOn >= grantedOn : path.length === thing.path.length
}

/** A table or view as a thing privileges are on. */
export function toSecurable(database: string, schema: string, table: TableInfo): Securable {
  return { kind: table.kind === 'VIEW' ? 'VIEW' : 'TABLE', path: [database, schema, table.name], createdOn: table.createdOn }
}
