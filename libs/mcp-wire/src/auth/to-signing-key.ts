import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto'
import { TokenRefusal } from './token-refusal.ts'

/**
 * The key with which a client signs that it is itself, for the algorithm that its kind of key is used with.
 * @throws TokenRefusal where the text is no such key; its message does not repeat the text.
 */
export function toSigningKey(pem: string): webcrypto.CryptoKey {
  const key = readKey(pem)
  const algorithm = algorithmOf(key)
  if (algorithm === undefined)
    throw new TokenRefusal('auth.unavailable', `no token can be signed for with a key of type ${key.asymmetricKeyType}`)
  return key.toCryptoKey(algorithm, false, ['sign'])
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new TokenRefusal('auth.unavailable', 'the private key of the client is no PEM of an unencrypted key', cause)
  }
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }

function algorithmOf(key: KeyObject): webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams | 'Ed25519' | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519'
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  return namedCurve === undefined ? undefined : { name: 'ECDSA', namedCurve }
}
