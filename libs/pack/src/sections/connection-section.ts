import { z } from 'zod'
import { someDuration, text, trueOrFalse } from '../fields.ts'

export const pemPath = text('the path of a PEM file')

const proxyExpected = 'the URL of an HTTP proxy such as http://127.0.0.1:3128'

/** Kept as text: what it may hold before its host is a credential. */
export const proxyUrl = z
  .string(proxyExpected)
  .refine((written) => /^https?:$/.test(URL.parse(written)?.protocol ?? ''), proxyExpected)

/** `config.tls`: stock Artillery reads `rejectUnauthorized` of it. Paths are relative to the pack. */
export const tlsSection = z.strictObject(
  {
    rejectUnauthorized: trueOrFalse.optional(),
    ca: pemPath.optional(),
    cert: pemPath.optional(),
    key: pemPath.optional(),
    passphrase: text('a pass phrase').optional(),
    serverName: text('the name of a host').optional(),
  },
  'a mapping of settings such as ca, cert, key and rejectUnauthorized',
)

export type TlsSection = z.output<typeof tlsSection>

/** What Squall reads of `config.http`, which belongs to Artillery's own engine: how long an answer may take. */
export const httpSection = z.looseObject({ timeout: someDuration.optional() }, 'a mapping of settings such as timeout')
