import { z } from 'zod'

const urlExpected = 'redis://HOST:PORT, or rediss://HOST:PORT with TLS'
/** The address of a Redis. */
export const fabricUrlSchema = z
  .string(urlExpected)
  .refine((text) => /^rediss?:\/\//.test(text) && URL.canParse(text), urlExpected)

/** What controller and agents share; a variable alone, since a process list shows options. */
export function secretOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const secret = environment['SQUALL_FABRIC_SECRET']
  return secret === '' ? undefined : secret
}
