import { createHash, createPublicKey, timingSafeEqual, type KeyObject } from 'node:crypto'

/** Somebody who may sign in. */
export interface WarehouseUser {
  readonly name: string
  /** Absent: no sign-in by password. */
  readonly password?: string
  /** PEM texts of RSA public keys; each lets its private half sign in. */
  readonly publicKeys?: readonly string[]
  /** Programmatic access tokens, which also pass as passwords, and OAuth access tokens as somebody else's server gave them out. */
  readonly tokens?: readonly UserToken[]
}

export interface UserToken {
  readonly kind: 'programmatic' | 'oauth'
  readonly value: string
  /** Milliseconds since 1970; absent: never. */
  readonly expiresWallMs?: number
}

/** A user as the sign-in needs them: names as Snowflake stores them, keys by fingerprint. */
export interface KnownUser {
  readonly name: string
  hasPassword(password: string): boolean
  keyOf(fingerprint: string): KeyObject | undefined
  tokenOf(kind: UserToken['kind'], value: string): UserToken | undefined
}

/** @throws Error where a public key is no PEM text of an RSA key. */
export function toKnownUser({ name, password, publicKeys = [], tokens = [] }: WarehouseUser): KnownUser {
  const keys = new Map(publicKeys.map(parsePublicKey).map((key) => [fingerprintOf(key), key]))
  return {
    name: name.toUpperCase(),
    hasPassword: (candidate) => password !== undefined && isSame(candidate, password),
    keyOf: (fingerprint) => keys.get(fingerprint),
    tokenOf: (kind, value) => tokens.find((token) => token.kind === kind && isSame(token.value, value)),
  }
}

/**
 * Reads an RSA public key.
 * @throws Error where the text is no PEM, or the key no RSA key.
 */
export function parsePublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`an RSA key is needed, this is ${key.asymmetricKeyType ?? 'another kind'}`)
  return key
}

/** Snowflake's fingerprint of a public key: `SHA256:` and the base64 hash of its DER form. */
export function fingerprintOf(key: KeyObject): string {
  return `SHA256:${digest(key.export({ format: 'der', type: 'spki' })).toString('base64')}`
}

const isSame = (candidate: string, secret: string): boolean => timingSafeEqual(digest(candidate), digest(secret))

// Hashes have equal lengths, which is what comparing in constant time needs.
const digest = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()
