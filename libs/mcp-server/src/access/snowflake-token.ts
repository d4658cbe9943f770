import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from './principal.ts'

/** The header in which callers may send a token with which their statements sign in to Snowflake. */
const snowflakeTokenHeader = 'x-snowflake-token'

/** Longer than any token; what is longer is none. */
const longestToken = 16_384

// Beside principals and not in them: a principal may be logged.
const tokens = new WeakMap<Principal, string>()

/**
 * A caller that brings a token of its own is another principal than one who does not, or who brings another: nothing of the one is to be
 * seen by the other, whatever it is kept by. Who brings none stays who they were. Limits count for whoever the server knows: anybody can
 * make up tokens.
 */
export function withSnowflakeToken(principal: Principal, headers: IncomingHttpHeaders): Principal {
  const token = headers[snowflakeTokenHeader]
  if (typeof token !== 'string' || token === '' || token.length > longestToken) return principal
  const { id, ...rest } = principal
  const own: Principal = {
    ...rest,
    account: id,
    id: `${id}+token:${createHash('sha256').update(token).digest('hex').slice(0, 32)}`,
  }
  tokens.set(own, token)
  return own
}

/** The token a caller brought, where it brought one. */
export function snowflakeTokenOf(principal: Principal): string | undefined {
  return tokens.get(principal)
}
