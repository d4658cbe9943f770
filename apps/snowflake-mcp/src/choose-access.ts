import type { Problem } from '@squall/errors'
import { isLoopback, type AccessOptions } from '@squall/mcp-server'
import { readKeysFile } from './keys-file.ts'
import type { ReadSettings } from './read-settings.ts'

/** Puts together who may call, and how tokens are judged; whatever does not fit becomes a problem. */
export function chooseAccess(read: ReadSettings, problems: Problem[]): Omit<AccessOptions, 'clock'> {
  const { values, nameOf } = read
  const { keysFile, lockOutAttempts, lockOutWindowMs, lockOutDurationMs } = values
  const keys = keysFile === undefined ? [] : readKeysFile(keysFile, nameOf('keysFile'), problems)
  const oauth = chooseOAuth(read, problems)
  return {
    keys,
    ...(oauth === undefined ? {} : { oauth }),
    takesSnowflakeTokens: values.tokenPassthrough !== 'off',
    lockOut: { attempts: lockOutAttempts, windowMs: lockOutWindowMs, durationMs: lockOutDurationMs },
  }
}

function chooseOAuth({ values, nameOf }: ReadSettings, problems: Problem[]): AccessOptions['oauth'] {
  const { oauthIssuer: issuer, publicUrl, oauthAudience, oauthJwksUrl: jwksUrl, oauthRoleClaim: roleClaim } = values
  if (issuer === undefined) {
    for (const name of ['oauthAudience', 'oauthJwksUrl', 'oauthRoleClaim'] as const)
      if (values[name] !== undefined)
        problems.push({ where: nameOf('oauthIssuer'), expected: `the authorization server that ${nameOf(name)} is about` })
    return undefined
  }
  if (publicUrl === undefined)
    problems.push({
      where: nameOf('publicUrl'),
      expected: `the URL at which clients find this server, since ${nameOf('oauthIssuer')} is set`,
      hint: 'for example https://mcp.example.com/mcp',
    })
  for (const name of ['oauthIssuer', 'oauthJwksUrl'] as const) {
    const url = values[name]
    if (url !== undefined && !isSafe(url))
      problems.push({ where: nameOf(name), value: url, expected: 'an https URL; http is only for this machine' })
  }
  return {
    issuer,
    audience: oauthAudience ?? publicUrl ?? '',
    publicUrl: publicUrl ?? '',
    jwksUrl,
    roleClaim,
    clockToleranceSeconds: values.oauthClockToleranceSeconds,
  }
}

/** Keys that came over plain HTTP could be anybody's. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}
