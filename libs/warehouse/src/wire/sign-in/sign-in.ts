import type { Clock } from '@squall/time'
import { SnowflakeError } from '../../engine/snowflake-error.ts'
import { findTokenFault } from './key-pair.ts'
import { toKnownUser, type KnownUser, type UserToken, type WarehouseUser } from './users.ts'

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
   * @throws SnowflakeError 390100 for a wrong password, user or account, 390144 for a wrong key-pair token, 394400 for a wrong
   *   programmatic access token, 390303, 390309 or 390318 for an OAuth token that is unknown, another's or expired.
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
        return this.#byOauth(credentials)
      case 'PROGRAMMATIC_ACCESS_TOKEN':
        return this.#byProgrammaticToken(credentials)
      default:
        throw refused('390100', `The embedded Snowflake has no authenticator '${authenticator}'.`)
    }
  }

  #byPassword({ user, password }: Credentials): string {
    const known = this.#users.get(user.toUpperCase())
    // A programmatic access token passes wherever a password does.
    if (known && this.#isValid(known.tokenOf('programmatic', password))) return known.name
    // One text for both, so that nobody learns which users exist.
    if (!known?.hasPassword(password)) throw refused('390100', 'Incorrect username or password was specified.')
    return known.name
  }

  #byProgrammaticToken({ user, token }: Credentials): string {
    const known = this.#users.get(user.toUpperCase())
    if (!known || !this.#isValid(known.tokenOf('programmatic', token)))
      throw refused('394400', 'Programmatic access token is invalid.')
    return known.name
  }

  /** The token says who it is; a name beside it must be the same. */
  #byOauth({ user, token }: Credentials): string {
    const owner = [...this.#users.values()].find((known) => known.tokenOf('oauth', token) !== undefined)
    if (!owner) throw refused('390303', 'Invalid OAuth access token.')
    if (!this.#isValid(owner.tokenOf('oauth', token))) throw refused('390318', 'OAuth access token expired.')
    if (user !== '' && user.toUpperCase() !== owner.name)
      throw refused('390309', 'The user you were trying to authenticate as differs from the user tied to the access token.')
    return owner.name
  }

  #isValid(token: UserToken | undefined): boolean {
    return token !== undefined && this.#clock.wallMs() < (token.expiresWallMs ?? Infinity)
  }

  #byKeyPair({ user, token }: Credentials): string {
    const known = this.#users.get(user.toUpperCase())
    const fault = known ? findTokenFault(token, this.#account, known, this.#clock.wallMs()) : `there is no user ${user}`
    if (!known || fault !== undefined) throw refused('390144', `JWT token is invalid: ${fault ?? ''}.`)
    return known.name
  }
}

const refused = (code: string, message: string): SnowflakeError => new SnowflakeError(code, refusedState, message)
