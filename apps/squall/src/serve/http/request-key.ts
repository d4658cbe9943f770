import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CodedError } from '@squall/errors'
import { squallErrors } from '../../errors.ts'
import type { RequestKey } from '../run-file.ts'

const keyPattern = /^[!-~]{1,200}$/

/**
 * Reads by what key a caller knows a request again, so that asking twice comes to one run.
 * @throws CodedError SQUALL_SERVE_BAD_REQUEST
 */
export function readRequestKey(headers: IncomingHttpHeaders, body: unknown): RequestKey | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && keyPattern.test(key)) return { key, sha256: sha256Of(body) }
  const expected = '1 to 200 characters of ASCII without spaces, once'
  const problems = [{ where: 'the header idempotency-key', value: key, expected }]
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { problems })
}

/** The same for bodies that say the same, in whatever order. */
function sha256Of(body: unknown): string {
  const said = typeof body === 'object' && body !== null ? Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1)) : body
  return createHash('sha256')
    .update(JSON.stringify(said) ?? '')
    .digest('hex')
}
