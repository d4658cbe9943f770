import { createPrivateKey } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { ConnectionOptions } from 'snowflake-sdk'
import { snowflakeErrors } from './errors.ts'
import type { ClientCredentialsSignIn, KeyPairSignIn, SignIn, SnowflakeOptions } from './snowflake-options.ts'
import { readToken } from './token-source.ts'

/** Rows the driver prepares ahead of our reading. */
const rowsAhead = 128
/** The driver tries seven times over minutes; the pool has its own pace. */
const signInRetries = 2

/**
 * What the driver wants to hear.
 * @throws CodedError SNOWFLAKE_BAD_OPTIONS for a private key that cannot be read, SNOWFLAKE_SIGN_IN_FAILED for a token file that is
 *   gone or empty.
 */
export function driverOptions(options: SnowflakeOptions): ConnectionOptions {
  const { account, user, accessUrl, warehouse, database, schema, role } = options
  return {
    account,
    ...(user !== '' && { username: user }),
    ...(accessUrl !== undefined && { accessUrl }),
    ...(warehouse !== undefined && { warehouse }),
    ...(database !== undefined && { database }),
    ...(schema !== undefined && { schema }),
    ...(role !== undefined && { role }),
    ...credentials(options),
    ...(accessUrl !== undefined && isLoopback(accessUrl) && withoutProxy),
    application: 'Squall',
    // None: else the driver looks for one in the environment and at home, which makes it log statements into files, and sessions that
    // sign in at the same time fail over reading it.
    clientConfigFile: '',
    rowMode: 'array',
    streamResult: true,
    representNullAsStringNull: false,
    rowStreamHighWaterMark: rowsAhead,
    sfRetryMaxLoginRetries: signInRetries,
    // Without the store each new session would open the browser again.
    clientStoreTemporaryCredential: options.authenticator === 'EXTERNALBROWSER',
  }
}

function credentials(signIn: SignIn): ConnectionOptions {
  const { authenticator } = signIn
  if (authenticator === 'SNOWFLAKE') return { authenticator, password: signIn.password }
  if (authenticator === 'SNOWFLAKE_JWT') return { authenticator, privateKey: readPrivateKey(signIn) }
  if (authenticator === 'OAUTH_CLIENT_CREDENTIALS') return clientCredentials(signIn)
  if (authenticator === 'EXTERNALBROWSER') return { authenticator }
  const { token } = signIn
  const shown = token === undefined ? {} : { token: readToken(token) }
  return authenticator === 'WORKLOAD_IDENTITY'
    ? { authenticator, workloadIdentityProvider: signIn.provider, ...shown }
    : { authenticator, ...shown }
}

function clientCredentials({
  authenticator,
  clientId,
  clientSecret,
  tokenUrl,
  scope,
}: ClientCredentialsSignIn): ConnectionOptions {
  return {
    authenticator,
    oauthClientId: clientId,
    oauthClientSecret: clientSecret,
    oauthTokenRequestUrl: tokenUrl,
    ...(scope !== undefined && { oauthScope: scope }),
    // oxlint-disable-next-line typescript/no-deprecated -- the driver's word for plain HTTP, which stays on this machine
    ...(isLoopback(tokenUrl) && { oauthHttpAllowed: true }),
  }
}

/** Decrypts the key here, where a failure can be told from a refused sign-in. */
function readPrivateKey({ privateKeyPem, passphrase }: KeyPairSignIn): string {
  try {
    const key = createPrivateKey({ key: privateKeyPem, ...(passphrase !== undefined && { passphrase }) })
    return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch (cause) {
    const expected = 'an RSA private key in PEM, with the right passphrase if it is encrypted'
    const problems = [{ where: 'privateKeyPem', expected, hint: (cause as Error).message }]
    throw new CodedError(snowflakeErrors.SNOWFLAKE_BAD_OPTIONS, { message: 'the private key cannot be read', problems })
  }
}

/**
 * The driver sends even requests to this machine to a proxy of the environment, unless the connection has a proxy of its own; this
 * one is never used, since every loopback address is exempt from it.
 */
const withoutProxy: ConnectionOptions = { proxyHost: '127.0.0.1', proxyPort: 9, noProxy: '127.0.0.1|localhost|[::1]|::1' }

function isLoopback(accessUrl: string): boolean {
  return URL.canParse(accessUrl) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(accessUrl).hostname)
}
