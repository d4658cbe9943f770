import { Role, type Grant, type Reach, type Securable } from './role.ts'

export const defaultRole = 'SYSADMIN'

/** Roles were there before anything else; the exact day is of no account. */
const startOfEmulator = new Date('2024-01-01T00:00:00Z')

const builtIn: readonly (readonly [name: string, reach: Reach])[] = [
  ['ACCOUNTADMIN', 'everything'],
  ['SECURITYADMIN', 'everything'],
  ['USERADMIN', 'everything'],
  ['SYSADMIN', 'everything'],
  ['LOADER', 'everything'],
  ['ANALYST', 'reading'],
  ['REPORTER', 'reading'],
  ['PUBLIC', 'nothing'],
]

/** On whose behalf something is done. */
export interface Actor {
  readonly user: string
  readonly role: string
  /** Whether the privileges of all the user's roles count, not only those of the role in use. */
  readonly hasSecondaryRoles: boolean
}

/** Roles, what they may do, and who may use them. */
export class Access {
  readonly #roles = new Map(builtIn.map(([name, reach]) => [name, new Role(name, reach, startOfEmulator)]))
  /** Roles granted to users, besides the built-in ones, which everybody has. */
  readonly #byUser = new Map<string, Set<string>>()

  roles(): Role[] {
    return [...this.#roles.values()]
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name)
  }

  isBuiltIn(name: string): boolean {
    return builtIn.some(([one]) => one === name)
  }

  add(role: Role, creator: string): void {
    this.#roles.set(role.name, role)
    this.grantToUser(role.name, creator)
  }

  drop(name: string): void {
    this.#roles.delete(name)
    for (const role of this.#roles.values()) role.includes.delete(name)
    for (const names of this.#byUser.values()) names.delete(name)
  }

  grantToUser(role: string, user: string): void {
    const names = this.#byUser.get(user) ?? new Set()
    this.#byUser.set(user, names.add(role))
  }

  revokeFromUser(role: string, user: string): void {
    this.#byUser.get(user)?.delete(role)
  }

  /** The roles a user may use: the built-in ones, those granted, and those within them. */
  rolesOf(user: string): Role[] {
    return this.#within([...builtIn.map(([name]) => name), ...(this.#byUser.get(user) ?? [])])
  }

  mayUse(user: string, role: string): boolean {
    return this.rolesOf(user).some(({ name }) => name === role)
  }

  /** Whether somebody has a privilege. */
  allows(actor: Actor, privilege: string, thing: Securable): boolean {
    return this.#effective(actor).some((role) => role.has(privilege, thing))
  }

  /** Whether somebody may know that a thing exists. */
  sees(actor: Actor, thing: Securable): boolean {
    return this.#effective(actor).some((role) => role.sees(thing))
  }

  /** Whether somebody may do everything, grant privileges included. */
  isAdministrator(actor: Actor): boolean {
    return this.#effective(actor).some(({ reach }) => reach === 'everything')
  }

  #effective({ user, role, hasSecondaryRoles }: Actor): Role[] {
    return hasSecondaryRoles ? this.rolesOf(user) : this.#within([role, 'PUBLIC'])
  }

  #within(names: readonly string[]): Role[] {
    const found = new Map<string, Role>()
    const visit = (name: string): void => {
      const role = this.#roles.get(name)
      if (!role || found.has(name)) return
      found.set(name, role)
      for (const inner of role.includes) visit(inner)
    }
    for (const name of names) visit(name)
    return [...found.values()]
  }
}

export function isSameGrant(a: Grant, b: Grant): boolean {
  return (
    a.privilege === b.privilege && a.kind === b.kind && a.isOnFuture === b.isOnFuture && a.path.join('\0') === b.path.join('\0')
  )
}
