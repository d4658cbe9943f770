import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { CortexToken } from '@squall/mcp-server'
import { readToken, type KeyPairSignIn, type SnowflakeOptions } from '@squall/snowflake'
import type { Clock } from '@squall/time'
import { snowflakeMcpErrors } from './errors.ts'

/** Snowflake takes tokens that live no longer than an hour; ours are made anew for each request. */
const lifeSeconds = 600

/**
 * The token with which Snowflake's REST interfaces know who asks. A key pair signs one (RS256), as
 * https://docs.snowflake.com/en/developer-guide/sql-api/authenticating describes.
 * @param account whose interfaces they are; no token is sent to those of another.
 * @throws CodedError SNOWFLAKE_MCP_NO_SIGN_IN where these interfaces take no such sign-in.
 */
export function cortexToken(options: SnowflakeOptions, account: string, clock: Clock): CortexToken {
  const { authenticator } = options
  if (options.account !== account) throw noSignIn(`the caller signs in to ${options.account}, and Cortex is asked at ${account}`)
  if (authenticator === 'SNOWFLAKE_JWT') return { type: 'KEYPAIR_JWT', token: signToken(options, clock) }
  if (authenticator === 'OAUTH' || authenticator === 'PROGRAMMATIC_ACCESS_TOKEN')
    return { type: authenticator, token: readToken(options.token) }
  throw noSignIn(`Cortex takes no sign-in by ${authenticator}`)
}

function noSignIn(message: string): CodedError {
  return new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_NO_SIGN_IN, { message })
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
