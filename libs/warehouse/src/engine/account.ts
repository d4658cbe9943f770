/** Every role may do everything; that a role exists is all that is checked. */
export const roles = [
  'ACCOUNTADMIN',
  'SECURITYADMIN',
  'USERADMIN',
  'SYSADMIN',
  'ANALYST',
  'REPORTER',
  'LOADER',
  'PUBLIC',
] as const

export const defaultRole = 'SYSADMIN'
export const defaultWarehouse = 'COMPUTE_WH'

export function isRole(name: string): boolean {
  return (roles as readonly string[]).includes(name)
}
