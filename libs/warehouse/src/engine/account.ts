/** What exists in the account besides databases. All of it is for show: the emulator neither meters nor forbids. */
export const warehouses = ['COMPUTE_WH', 'ANALYTICS_WH', 'LOAD_WH'] as const

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

export function isWarehouse(name: string): boolean {
  return (warehouses as readonly string[]).includes(name)
}
