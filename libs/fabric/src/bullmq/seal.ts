import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { CodedError } from '@squall/errors'
import { fabricErrors } from '../errors.ts'

const plain = 0
const sealed = 1
const nonceBytes = 12
const tagBytes = 16
const largestBytes = 256 * 1024 * 1024

/**
 * Packs what travels through Redis. With a secret it is encrypted and authenticated (AES-256-GCM, NIST SP 800-38D; the key by HKDF, RFC 5869), bound to
 * the key of Redis it lies at, so that nobody without the secret can read it, write it, or put it elsewhere. Without one it is merely packed.
 */
export class Seal {
  readonly #key: Buffer | undefined

  /** @param secret what controller and agents share; none where Redis itself is trusted. */
  constructor(secret: string | undefined) {
    this.#key = secret === undefined ? undefined : Buffer.from(hkdfSync('sha256', secret, '', 'squall fabric', 32))
  }

  /** @param place the key of Redis this is written to. */
  close(value: unknown, place: string): Buffer {
    return this.closeBytes(deflateRawSync(serialize(value), { level: 1 }), place)
  }

  /** @throws CodedError FABRIC_OTHER_SECRET, FABRIC_BAD_MESSAGE */
  open(bytes: Buffer, place: string): unknown {
    const packed = this.openBytes(bytes, place)
    try {
      return deserialize(inflateRawSync(packed, { maxOutputLength: largestBytes }))
    } catch (cause) {
      throw new CodedError(fabricErrors.FABRIC_BAD_MESSAGE, { message: `what lies at ${place} cannot be read`, cause })
    }
  }

  /** Of what is packed already. */
  closeBytes(packed: Uint8Array, place: string): Buffer {
    if (this.#key === undefined) return Buffer.concat([Buffer.of(plain), packed])
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place))
    const encrypted = Buffer.concat([cipher.update(packed), cipher.final()])
    return Buffer.concat([Buffer.of(sealed), nonce, cipher.getAuthTag(), encrypted])
  }

  /** @throws CodedError FABRIC_OTHER_SECRET */
  openBytes(bytes: Buffer, place: string): Buffer {
    const isSealed = bytes[0] === sealed
    if (this.#key === undefined && !isSealed) return bytes.subarray(1)
    const hint = { message: `what lies at ${place} was not written with the secret of this machine` }
    if (this.#key === undefined || !isSealed) throw new CodedError(fabricErrors.FABRIC_OTHER_SECRET, hint)
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
    } catch (cause) {
      throw new CodedError(fabricErrors.FABRIC_OTHER_SECRET, { ...hint, cause })
    }
  }
}
