import { verify } from 'node:crypto'
import { z } from 'zod'
import type { KnownUser } from './users.ts'

const header = z.object({ alg: z.literal('RS256') })
const claims = z.object({ iss: z.string(), sub: z.string(), iat: z.number(), exp: z.number() })

/** Clocks of client and server may differ by this much. */
const clockSkewMs = 60_000

/**
 * Checks a key-pair token: RS256, signed by one of the user's keys, issued as `ACCOUNT.USER.SHA256:fingerprint`, not yet expired.
 * @returns what is wrong with it, or nothing where it holds.
 */
export function findTokenFault(token: string, account: string, user: KnownUser, nowMs: number): string | undefined {
  const [headerText = '', claimsText = '', signature = ''] = token.split('.')
  if (!header.safeParse(decode(headerText)).success) return 'it is not signed by RS256'
  const { data } = claims.safeParse(decode(claimsText))
  if (!data) return 'iss, sub, iat or exp is missing'
  const subject = `${account}.${user.name}`
  if (data.sub !== subject) return `its subject is not ${subject}`
  if (!data.iss.startsWith(`${subject}.`)) return `its issuer is not ${subject} and the fingerprint of the public key`
  const key = user.keyOf(data.iss.slice(subject.length + 1))
  if (!key) return `no public key of that fingerprint is registered for ${user.name}`
  const signed = Buffer.from(`${headerText}.${claimsText}`)
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return 'its signature is wrong'
  if (toMs(data.iat) > nowMs + clockSkewMs) return 'it was issued in the future'
  if (toMs(data.exp) + clockSkewMs < nowMs) return 'it has expired'
  return undefined
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** JWT says seconds, Snowflake's Node driver writes milliseconds: no date in seconds is this large before the year 5138. */
const largestSeconds = 1e11
const toMs = (instant: number): number => (instant < largestSeconds ? instant * 1000 : instant)
