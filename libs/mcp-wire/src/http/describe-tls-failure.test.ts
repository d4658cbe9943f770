import { expect, test } from 'vitest'
import { describeTlsFailure } from './describe-tls-failure.ts'

const failure = (code: string, cause?: Error): Error => Object.assign(new Error('openssl says', { cause }), { code })

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', /no authority this client trusts/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /no authority this client trusts/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
  ['CERT_HAS_EXPIRED', /has expired/],
  ['CERT_NOT_YET_VALID', /not valid yet/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /wants a certificate of the client/],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not accept the certificate of the client/],
  ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', /no secure connection could be agreed/],
  ['EPROTO', /no secure connection could be agreed/],
])('%s is told in words, and the code with it', (code, words) => {
  expect(describeTlsFailure(failure(code))).toMatch(words)
  expect(describeTlsFailure(failure(code))).toContain(`[${code}]`)
})

test('a failure behind a wrapper is found', () => {
  expect(describeTlsFailure(failure('UND_ERR_SOCKET', failure('CERT_HAS_EXPIRED')))).toMatch(/has expired/)
})

test.each(['ECONNREFUSED', 'ECONNRESET', ''])('%s is no failure of TLS', (code) => {
  expect(describeTlsFailure(failure(code))).toBeUndefined()
  expect(describeTlsFailure(new Error('plain'))).toBeUndefined()
})
