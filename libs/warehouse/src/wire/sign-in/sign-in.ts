import type { Clock } from '@squall/time'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { findTokenFault } from './key-pair.ts'
import { toKnownUser, type KnownUser, type WarehouseUser } from './users.ts'

/** What a client shows at the door. */
export interface Credentials {
  readonly account: string
  readonly user: string
  /** `SNOWFLAKE` (a password), `SNOWFLAKE_JWT`, … */
  readonly authenticator: string
  readonly password: string
  readonly token: string
}

const refusedState = '08001'

/** Knows who may enter. */
export class SignIn {
  readonly #account: string
  readonly #clock: Clock
  readonly #users: ReadonlyMap<string, KnownUser>

  constructor(account: string, users: readonly WarehouseUser[], clock: Clock) {
    this.#account = account.toUpperCase()
    this.#clock = clock
    this.#users = new Map(users.map(toKnownUser).map((user) => [user.name, user]))
  }

  /**
   * Checks the credentials.
   * @returns the user's name as Snowflake stores it.
   * @throws SnowflakeError 390100 for a wrong password, user or account, 390144 for a wrong key-pair token; other ways to sign in
   *   get the code of a token that is not valid.
   */
  authenticate(credentials: Credentials): string {
    const { account, authenticator } = credentials
    if (account.toUpperCase() !== this.#account)
      throw refused(
        '390100',
        `Account '${account}' is not served here; the embedded Snowflake has the account '${this.#account}'.`,
      )
    switch (authenticator.toUpperCase()) {
      case '':
      case 'SNOWFLAKE':
        return this.#byPassword(credentials)
      case 'SNOWFLAKE_JWT':
        return this.#byKeyPair(credentials)
      case 'OAUTH':
        throw refused('390303', 'Invalid OAuth access token.')
      case 'PROGRAMMATIC_ACCESS_TOKEN':
        throw refused('394400', 'Programmatic access token is invalid.')
      default:
        throw refused('390100', `The embedded Snowflake has no authenticator '${authenticator}'.`)
    }
  }

  #byPassword({ user, password }: Credentials): string {
    const known = this.#users.get(user.toUpperCase())
    // One text for both, so that nobody learns which users exist.
    if (!known?.hasPassword(password)) throw refused('390100', 'Incorrect username or password was specified.')
    return known.name
  }

  #byKeyPair({ user, token }: Credentials): string {
    const known = this.#users.get(user.toUpperCase())
    const fault = known ? findTokenFault(token, this.#account, known, this.#clock.wallMs()) : `there is no user ${user}`
    if (!known || fault !== undefined) throw refused('390144', `JWT token is invalid: ${fault ?? ''}.`)
    return known.name
  }
}

const refused = (code: string, message: string): SnowflakeError => new SnowflakeError(code, refusedState, message)
