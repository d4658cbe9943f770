import { hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@squall/time'
import { IpRanges } from './ip-ranges.ts'
import { weights, type Principal, type Priority, type Scope } from './principal.ts'

/** An API key as configuration holds it: never the key itself. */
export interface ApiKey {
  /** Names the principal, in logs and metrics too. */
  readonly name: string
  /** SHA-256 of the key in lower-case hexadecimal. Keys are random, so a fast hash gives nothing away. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970; absent for a key that does not expire. */
  readonly expiresAtMs?: number | undefined
  /** Addresses and CIDR ranges it may be used from; from anywhere where absent. */
  readonly allowFrom?: readonly string[] | undefined
  /** The role its holder's statements run with in Snowflake. */
  readonly role?: string | undefined
  readonly priority?: Priority | undefined
}

export type KeyVerdict =
  | { readonly kind: 'principal'; readonly principal: Principal }
  /** `unknown` also stands for a key used from the wrong address, so that who stole it does not learn that it is right. */
  | { readonly kind: 'unknown' | 'expired' }

interface Entry {
  readonly digest: Buffer
  readonly expiresAtMs: number
  readonly allowFrom: IpRanges | undefined
  readonly verdict: KeyVerdict
}

/** Longer texts are no keys, and are not worth hashing. */
const longestKey = 512

/** Knows keys by their hashes. */
export class Keyring {
  readonly #clock: Clock
  readonly #entries: ReadonlyMap<string, Entry>

  constructor(clock: Clock, keys: readonly ApiKey[]) {
    this.#clock = clock
    this.#entries = new Map(keys.map((key) => [key.sha256, toEntry(key)]))
  }

  /** Whose key this is. Which hashes exist cannot be learned from the time it takes: nobody can choose the hash of a guess. */
  check(key: string, remoteAddress: string | undefined): KeyVerdict {
    if (key.length > longestKey) return unknown
    const digest = hash('sha256', key, 'buffer')
    const entry = this.#entries.get(digest.toString('hex'))
    if (entry === undefined || !timingSafeEqual(entry.digest, digest)) return unknown
    if (entry.allowFrom !== undefined && !entry.allowFrom.has(remoteAddress ?? '')) return unknown
    return this.#clock.wallMs() < entry.expiresAtMs ? entry.verdict : expired
  }
}

const unknown: KeyVerdict = { kind: 'unknown' }
const expired: KeyVerdict = { kind: 'expired' }

function toEntry({ name, sha256, scopes, expiresAtMs, allowFrom, role, priority }: ApiKey): Entry {
  const principal: Principal = Object.freeze({
    id: `key:${name}`,
    kind: 'api-key',
    scopes: new Set(scopes),
    role,
    weight: weights[priority ?? 'normal'],
    isShared: false,
  })
  return {
    digest: Buffer.from(sha256, 'hex'),
    expiresAtMs: expiresAtMs ?? Infinity,
    allowFrom: allowFrom === undefined ? undefined : new IpRanges(allowFrom),
    verdict: { kind: 'principal', principal },
  }
}
