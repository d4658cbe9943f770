import { createPrivateKey } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { ConnectionOptions } from 'snowflake-sdk'
import { snowflakeErrors } from './errors.ts'
import type { KeyPairSignIn, SignIn, SnowflakeOptions } from './snowflake-options.ts'

/** Rows the driver prepares ahead of our reading. */
const rowsAhead = 128
/** The driver tries seven times over minutes; the pool has its own pace. */
const signInRetries = 2

/**
 * What the driver wants to hear.
 * @throws CodedError SNOWFLAKE_BAD_OPTIONS for a private key that cannot be read.
 */
export function driverOptions(options: SnowflakeOptions): ConnectionOptions {
  const { account, user, accessUrl, warehouse, database, schema, role } = options
  return {
    account,
    username: user,
    ...(accessUrl !== undefined && { accessUrl }),
    ...(warehouse !== undefined && { warehouse }),
    ...(database !== undefined && { database }),
    ...(schema !== undefined && { schema }),
    ...(role !== undefined && { role }),
    ...credentials(options),
    ...(accessUrl !== undefined && isLoopback(accessUrl) && withoutProxy),
    application: 'Squall',
    rowMode: 'array',
    streamResult: true,
    representNullAsStringNull: false,
    rowStreamHighWaterMark: rowsAhead,
    sfRetryMaxLoginRetries: signInRetries,
    clientStoreTemporaryCredential: false,
  }
}

function credentials(signIn: SignIn): ConnectionOptions {
  const { authenticator } = signIn
  if (authenticator === 'SNOWFLAKE') return { authenticator, password: signIn.password }
  if (authenticator === 'SNOWFLAKE_JWT') return { authenticator, privateKey: readPrivateKey(signIn) }
  return { authenticator, token: signIn.token }
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
