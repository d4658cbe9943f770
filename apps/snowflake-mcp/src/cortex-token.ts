import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { CortexToken } from '@squall/mcp-server'
import { readToken, type KeyPairSignIn, type SnowflakeOptions } from '@squall/snowflake'
import type { Clock } from '@squall/time'

/** Snowflake takes tokens that live no longer than an hour; ours are made anew for each request. */
const lifeSeconds = 600

/**
 * The token with which Snowflake's REST interfaces know the server. A key pair signs one (RS256), as
 * https://docs.snowflake.com/en/developer-guide/sql-api/authenticating describes.
 */
export function cortexToken(options: SnowflakeOptions, clock: Clock): CortexToken {
  const { authenticator } = options
  if (authenticator === 'SNOWFLAKE_JWT') return { type: 'KEYPAIR_JWT', token: signToken(options, clock) }
  if (authenticator === 'OAUTH' || authenticator === 'PROGRAMMATIC_ACCESS_TOKEN')
    return { type: authenticator, token: readToken(options.token) }
  // A configuration with another way to sign in was refused before.
  throw new TypeError(`Cortex takes no sign-in by ${authenticator}`)
}

function signToken({ account, user, privateKeyPem, passphrase }: SnowflakeOptions & KeyPairSignIn, clock: Clock): string {
  const key = createPrivateKey({ key: privateKeyPem, ...(passphrase !== undefined && { passphrase }) })
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(publicKey).digest('base64')
  // Of an account locator with a region only the locator counts.
  const subject = `${account.split('.')[0] ?? account}.${user}`.toUpperCase()
  const nowSeconds = Math.floor(clock.wallMs() / 1000)
  const claims = { iss: `${subject}.SHA256:${fingerprint}`, sub: subject, iat: nowSeconds, exp: nowSeconds + lifeSeconds }
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}
