import type { Problem } from '@squall/errors'
import type { SnowflakeAccount, SnowflakeOptions } from '@squall/snowflake'
import { authenticators, chooseSignIn, signInNames, type SignInValues } from './choose-sign-in.ts'
import { ConnectionsFile, defaultConnectionsFile, type NamedConnection } from './connections-file.ts'
import { readPrincipalsFile } from './principals-file.ts'
import type { ReadSettings } from './read-settings.ts'
import type { SettingValues } from './settings.ts'

/** Where the session starts, in either Snowflake. */
export type StartingPoint = Pick<SnowflakeAccount, 'warehouse' | 'database' | 'schema' | 'role'>

export type SnowflakeChoice =
  | { readonly kind: 'account'; readonly options: SnowflakeOptions; readonly users: UserSignIns }
  | { readonly kind: 'embedded'; readonly start: StartingPoint; readonly dataDirectory?: string }

/** How callers sign in as themselves. */
export interface UserSignIns {
  /** By principal. */
  readonly byPrincipal: ReadonlyMap<string, SnowflakeOptions>
  /** Principals without an entry: sign in as the server, or are turned away. */
  readonly others: 'server' | 'refuse'
  /** The kind of token that callers may send along; absent where none may. */
  readonly passthrough?: 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN'
}

/** Puts together where to sign in, as whom and how; all that is missing or wrong becomes problems. */
export function chooseSnowflake(
  read: ReadSettings,
  environment: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): SnowflakeChoice {
  const { values, nameOf } = read
  const path = values.connectionsFile ?? defaultConnectionsFile(environment)
  const needsFile = values.connection !== undefined || values.principalsFile !== undefined
  const file = needsFile ? new ConnectionsFile(path, nameOf('connectionsFile'), problems) : undefined
  const named = values.connection === undefined ? undefined : file?.connection(values.connection, nameOf('connection'))
  const fallback = toSource(values, nameOf)
  if (values.account === undefined && named === undefined) return chooseEmbedded(read, problems)
  const options = chooseAccount(named ? [fallback, toNamedSource(named)] : [fallback], problems)
  return { kind: 'account', options, users: chooseUsers(read, file, problems) }
}

function chooseEmbedded({ values, nameOf }: ReadSettings, problems: Problem[]): SnowflakeChoice {
  const start = startingPoint((name) => values[name])
  const strays = (['user', ...signInNames, 'principalsFile'] as const).filter((name) => values[name] !== undefined)
  // A connection that could not be read is a problem already.
  if (strays.length > 0 && values.connection === undefined)
    problems.push({
      where: nameOf('account'),
      expected: `an account identifier, since ${strays.map(nameOf).join(' and ')} ${strays.length === 1 ? 'is' : 'are'} set`,
      hint: 'for example myorg-myaccount; unset them all for the embedded Snowflake',
    })
  return {
    kind: 'embedded',
    start: { ...embeddedHome(start), ...start },
    ...(values.embeddedData === undefined ? {} : { dataDirectory: values.embeddedData }),
  }
}

type AccountName = keyof SignInValues | 'account' | 'user' | 'accessUrl' | keyof StartingPoint

/** Where a value may come from. */
interface Source {
  readonly get: (name: AccountName) => string | undefined
  readonly nameOf: (name: AccountName) => string
}

function toSource(values: SettingValues, nameOf: ReadSettings['nameOf']): Source {
  return { get: (name) => values[name], nameOf }
}

function toNamedSource({ values, nameOf }: NamedConnection): Source {
  return { get: (name) => values.get(name), nameOf }
}

/** @param sources the first that has a value has the last word; but the way to sign in is one source's alone. */
function chooseAccount(sources: readonly [Source, ...Source[]], problems: Problem[]): SnowflakeOptions {
  const sourceOf = (name: AccountName): Source =>
    sources.find(({ get }) => get(name) !== undefined) ?? sources.at(-1) ?? sources[0]
  const get = (name: AccountName): string | undefined => sourceOf(name).get(name)
  const nameOf = (name: AccountName): string => sourceOf(name).nameOf(name)
  const account = get('account')
  if (account === undefined)
    problems.push({ where: nameOf('account'), expected: 'an account identifier', hint: 'for example myorg-myaccount' })
  const signsIn = sources.find(
    (source) => signInNames.some((name) => source.get(name) !== undefined) || source.get('authenticator'),
  )
  const signIn = chooseSignIn(toSignInValues(signsIn ?? sources[0], problems), (signsIn ?? sources[0]).nameOf, problems)
  const user = get('user')
  if (user === undefined && needsUser.has(signIn.authenticator))
    problems.push({ where: nameOf('user'), expected: `a user to sign in as, since ${nameOf('account')} is set` })
  const accessUrl = get('accessUrl')
  const address = accessUrl === undefined ? {} : { accessUrl }
  return { account: account ?? '', user: user ?? '', ...address, ...startingPoint(get), ...signIn }
}

/** Ways to sign in that do not say themselves who it is. */
const needsUser: ReadonlySet<string> = new Set(['SNOWFLAKE', 'SNOWFLAKE_JWT', 'EXTERNALBROWSER'])
const providers = ['AWS', 'AZURE', 'GCP', 'OIDC'] as const

function toSignInValues({ get, nameOf }: Source, problems: Problem[]): SignInValues {
  const choice = <const T extends string>(
    name: 'authenticator' | 'workloadIdentityProvider',
    known: readonly T[],
  ): T | undefined => {
    const value = get(name)
    const found = known.find((one) => one === value?.toUpperCase())
    if (value !== undefined && found === undefined)
      problems.push({ where: nameOf(name), value, expected: `one of ${known.join(', ')}` })
    return found
  }
  return {
    authenticator: choice('authenticator', authenticators),
    workloadIdentityProvider: choice('workloadIdentityProvider', providers),
    password: get('password'),
    privateKeyPath: get('privateKeyPath'),
    privateKeyPassphrase: get('privateKeyPassphrase'),
    token: get('token'),
    tokenPath: get('tokenPath'),
    oauthClientId: get('oauthClientId'),
    oauthClientSecret: get('oauthClientSecret'),
    oauthTokenUrl: get('oauthTokenUrl'),
    oauthScope: get('oauthScope'),
  }
}

function chooseUsers({ values, nameOf }: ReadSettings, file: ConnectionsFile | undefined, problems: Problem[]): UserSignIns {
  const { principalsFile, tokenPassthrough, accessUrl } = values
  const passthrough = tokenPassthrough === 'off' ? {} : { passthrough: tokenPassthrough }
  if (principalsFile === undefined || file === undefined) return { byPrincipal: new Map(), others: 'server', ...passthrough }
  const { principals, others } = readPrincipalsFile(principalsFile, nameOf('principalsFile'), problems)
  const byPrincipal = new Map<string, SnowflakeOptions>()
  for (const [principal, { connection }] of Object.entries(principals)) {
    const named = file.connection(connection, `connection of ${principal} in ${principalsFile}`)
    // The address of Snowflake is no matter of who signs in.
    const options = named && chooseAccount([toNamedSource(named)], problems)
    if (options) byPrincipal.set(principal, { ...options, ...(accessUrl === undefined ? {} : { accessUrl }) })
  }
  return { byPrincipal, others, ...passthrough }
}

/**
 * A session that stands in no database can never go back there once a call took it elsewhere, and is closed. So sessions start in one,
 * as those of most users do.
 */
function embeddedHome({ database }: StartingPoint): StartingPoint {
  return database === undefined ? { database: 'TEST_DB', schema: 'PUBLIC' } : {}
}

function startingPoint(get: (name: keyof StartingPoint) => string | undefined): StartingPoint {
  const names = ['warehouse', 'database', 'schema', 'role'] as const
  return Object.fromEntries(names.flatMap((name) => (get(name) === undefined ? [] : [[name, get(name)]])))
}
