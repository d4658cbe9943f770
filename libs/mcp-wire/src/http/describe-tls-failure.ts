/** What went wrong with TLS, in words of our own instead of OpenSSL's, by the codes Node gives. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE)$/,
    'no authority this client trusts has signed the certificate of the server',
  ],
  [/^(?:ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'the certificate of the server is for another name'],
  [/^CERT_HAS_EXPIRED$/, 'the certificate of the server has expired'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate of the server is not valid yet'],
  [
    /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|INVALID_RECORD|BAD_RECORD_TYPE)$/,
    'what listens there does not speak TLS: the address says https, the port speaks plain text',
  ],
  [/^ERR_SSL_.*ALERT_CERTIFICATE_REQUIRED$/, 'the server wants a certificate of the client, and got none'],
  [
    /^ERR_SSL_.*ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/,
    'the server does not accept the certificate of the client',
  ],
  [/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/, 'no secure connection could be agreed'],
]

/** @returns why TLS failed, with Node's code in brackets; undefined where something else did. */
export function describeTlsFailure(error: Error): string | undefined {
  const code = codeOf(error)
  const found = sentences.find(([pattern]) => pattern.test(code))
  return found && `${found[1]} [${code}]`
}

/** An error may stand behind that of a proxy. */
function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string' && !error.code.startsWith('UND_')) return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : ''
}
