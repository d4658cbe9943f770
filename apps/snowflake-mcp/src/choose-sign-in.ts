import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Problem } from '@squall/errors'
import type { SignIn, TokenSource } from '@squall/snowflake'

/** The ways to sign in, by the names Snowflake and its drivers give them. */
export const authenticators = [
  'SNOWFLAKE',
  'SNOWFLAKE_JWT',
  'PROGRAMMATIC_ACCESS_TOKEN',
  'OAUTH',
  'OAUTH_CLIENT_CREDENTIALS',
  'EXTERNALBROWSER',
  'WORKLOAD_IDENTITY',
] as const

/** What says how to sign in: settings, or a connection of connections.toml. */
export interface SignInValues {
  readonly authenticator: (typeof authenticators)[number] | undefined
  readonly password: string | undefined
  readonly privateKeyPath: string | undefined
  readonly privateKeyPassphrase: string | undefined
  readonly token: string | undefined
  readonly tokenPath: string | undefined
  readonly oauthClientId: string | undefined
  readonly oauthClientSecret: string | undefined
  readonly oauthTokenUrl: string | undefined
  readonly oauthScope: string | undefined
  readonly workloadIdentityProvider: 'AWS' | 'AZURE' | 'GCP' | 'OIDC' | undefined
}

export type NameOf = (name: keyof SignInValues | 'account') => string

/** The settings any of which says how to sign in. */
export const signInNames = [
  'password',
  'privateKeyPath',
  'token',
  'tokenPath',
  'oauthClientId',
  'workloadIdentityProvider',
] as const satisfies readonly (keyof SignInValues)[]

/**
 * The one way to sign in; a problem where there is none, more than one and no word which, or where something of it is missing or cannot
 * be used. What comes back is to be used only where there is no problem.
 */
export function chooseSignIn(values: SignInValues, nameOf: NameOf, problems: Problem[]): SignIn {
  const ways = waysThatAreSet(values)
  const [way, ...others] = ways.filter((one) => values.authenticator === undefined || one === values.authenticator)
  if (way === undefined) {
    problems.push(noWay(values, nameOf))
    return { authenticator: 'SNOWFLAKE', password: '' }
  }
  if (others.length > 0) {
    const named = signInNames.filter((name) => values[name] !== undefined).map(nameOf)
    problems.push({
      where: nameOf('authenticator'),
      expected: `a word which way to sign in to use (${ways.join(' or ')}), since ${named.join(' and ')} are set`,
      hint: 'or unset all but one',
    })
  }
  // Whatever is wrong with the others is told as well: any of them may be the one that is meant.
  for (const other of others) toSignIn(other, values, nameOf, problems)
  return toSignIn(way, values, nameOf, problems)
}

function waysThatAreSet(values: SignInValues): SignIn['authenticator'][] {
  const { authenticator, password, privateKeyPath, token, tokenPath, oauthClientId, workloadIdentityProvider } = values
  const ways: SignIn['authenticator'][] = []
  if (password !== undefined) ways.push('SNOWFLAKE')
  if (privateKeyPath !== undefined) ways.push('SNOWFLAKE_JWT')
  if (oauthClientId !== undefined) ways.push('OAUTH_CLIENT_CREDENTIALS')
  if (workloadIdentityProvider !== undefined) ways.push('WORKLOAD_IDENTITY')
  // The token of a workload is not one of Snowflake's.
  else if (token !== undefined || tokenPath !== undefined)
    ways.push(authenticator === 'OAUTH' ? 'OAUTH' : 'PROGRAMMATIC_ACCESS_TOKEN')
  // Nothing else says that a browser is wanted.
  if (authenticator === 'EXTERNALBROWSER') ways.push('EXTERNALBROWSER')
  return ways
}

function noWay({ authenticator }: SignInValues, nameOf: NameOf): Problem {
  const needs = signInNames.map(nameOf).join(', ')
  return authenticator === undefined
    ? { where: nameOf('account'), expected: `a way to sign in that goes with it: one of ${needs}` }
    : { where: nameOf('authenticator'), value: authenticator, expected: `what it needs beside it: one of ${needs}` }
}

function toSignIn(way: SignIn['authenticator'], values: SignInValues, nameOf: NameOf, problems: Problem[]): SignIn {
  if (way === 'SNOWFLAKE') return { authenticator: way, password: values.password ?? '' }
  if (way === 'SNOWFLAKE_JWT') return { authenticator: way, ...readKey(values, nameOf, problems) }
  if (way === 'OAUTH_CLIENT_CREDENTIALS') return clientCredentials(values, nameOf, problems)
  if (way === 'EXTERNALBROWSER') return { authenticator: way }
  if (way === 'WORKLOAD_IDENTITY') return workloadIdentity(values, nameOf, problems)
  return { authenticator: way, token: readToken(values, nameOf, problems) ?? '' }
}

function clientCredentials(values: SignInValues, nameOf: NameOf, problems: Problem[]): SignIn {
  const { oauthClientId: clientId = '', oauthClientSecret: clientSecret, oauthTokenUrl: tokenUrl, oauthScope: scope } = values
  const missing = (['oauthClientSecret', 'oauthTokenUrl'] as const).filter((name) => values[name] === undefined)
  for (const name of missing) problems.push({ where: nameOf(name), expected: `a value, since ${nameOf('oauthClientId')} is set` })
  if (tokenUrl !== undefined && !isSafe(tokenUrl))
    problems.push({ where: nameOf('oauthTokenUrl'), value: tokenUrl, expected: 'an https URL; http is only for this machine' })
  const needed = { clientId, clientSecret: clientSecret ?? '', tokenUrl: tokenUrl ?? '' }
  return { authenticator: 'OAUTH_CLIENT_CREDENTIALS', ...needed, ...(scope === undefined ? {} : { scope }) }
}

/** A secret that crosses a network as it is is none. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function workloadIdentity(values: SignInValues, nameOf: NameOf, problems: Problem[]): SignIn {
  const { workloadIdentityProvider: provider = 'AWS' } = values
  const token = readToken(values, nameOf, problems)
  if (provider === 'OIDC' && token === undefined)
    problems.push({ where: nameOf('tokenPath'), expected: 'the file with the token, since the provider is OIDC' })
  return { authenticator: 'WORKLOAD_IDENTITY', provider, ...(token === undefined ? {} : { token }) }
}

function readToken({ token, tokenPath }: SignInValues, nameOf: NameOf, problems: Problem[]): TokenSource | undefined {
  if (tokenPath === undefined) return token
  if (token !== undefined)
    problems.push({ where: nameOf('tokenPath'), expected: `to be the only one of it and ${nameOf('token')}` })
  const content = readText(tokenPath, nameOf('tokenPath'), problems)
  if (content?.trim() === '')
    problems.push({ where: nameOf('tokenPath'), value: tokenPath, expected: 'a file that holds a token' })
  return { path: tokenPath }
}

function readKey(
  { privateKeyPath = '', privateKeyPassphrase: passphrase }: SignInValues,
  nameOf: NameOf,
  problems: Problem[],
): { privateKeyPem: string; passphrase?: string } {
  const privateKeyPem = readText(privateKeyPath, nameOf('privateKeyPath'), problems) ?? ''
  const key = { privateKeyPem, ...(passphrase === undefined ? {} : { passphrase }) }
  if (privateKeyPem === '') return key
  const where = nameOf('privateKeyPath')
  if (!/-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(privateKeyPem)) {
    const expected = 'a file with a PKCS#8 private key in PEM form'
    problems.push({ where, value: privateKeyPath, expected, hint: 'openssl pkcs8 -topk8 makes one' })
  } else if (!opens(key)) {
    const isEncrypted = privateKeyPem.includes('ENCRYPTED')
    const expected = `an RSA key${isEncrypted ? `, and in ${nameOf('privateKeyPassphrase')} the passphrase that opens it` : ''}`
    problems.push({ where, value: privateKeyPath, expected })
  }
  return key
}

function opens({ privateKeyPem, passphrase }: { privateKeyPem: string; passphrase?: string }): boolean {
  try {
    const key = createPrivateKey({ key: privateKeyPem, ...(passphrase === undefined ? {} : { passphrase }) })
    return key.asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

function readText(path: string, where: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    problems.push({ where, value: path, expected: 'a file that can be read', hint: (error as Error).message })
    return undefined
  }
}
