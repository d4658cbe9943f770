import { CodedError } from '@squall/errors'
import { snowflakeTokenOf, type Principal } from '@squall/mcp-server'
import type { SnowflakeOptions } from '@squall/snowflake'
import type { UserSignIns } from './choose-snowflake.ts'
import { snowflakeMcpErrors } from './errors.ts'

/** Makes of the server's own sign-in that of one caller. */
export type OwnSignIn = (options: SnowflakeOptions) => SnowflakeOptions

/**
 * How a principal signs in otherwise than the server; undefined where it does not.
 * @throws CodedError SNOWFLAKE_MCP_NO_SIGN_IN
 */
export function signInOf(principal: Principal, { byPrincipal, others, passthrough }: UserSignIns): OwnSignIn | undefined {
  const { id, role } = principal
  const withRole = (options: SnowflakeOptions): SnowflakeOptions => (role === undefined ? options : { ...options, role })
  const token = snowflakeTokenOf(principal)
  if (token !== undefined && passthrough !== undefined)
    return ({ account, accessUrl, warehouse, database, schema }) =>
      withRole({ account, user: '', ...present({ accessUrl, warehouse, database, schema }), authenticator: passthrough, token })
  const options = byPrincipal.get(id)
  if (options) return () => withRole(options)
  if (others === 'refuse')
    throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_NO_SIGN_IN, { message: `${id} has no sign-in to Snowflake of its own` })
  return role === undefined ? undefined : withRole
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // What is left has a value under each name.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<typeof present<T>>
}
