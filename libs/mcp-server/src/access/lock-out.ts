import { isIPv6 } from 'node:net'
import type { Clock } from '@squall/time'
import { withoutMapping } from './ip-ranges.ts'

export interface LockOutLimits {
  /** Failed attempts of one address within the window that shut it out; 0 never does. */
  readonly attempts: number
  readonly windowMs: number
  readonly durationMs: number
}

interface Record {
  failures: number
  windowEndsMs: number
  lockedUntilMs: number
}

/** Addresses remembered at once; the one that failed longest ago is forgotten for a new one. */
const mostAddresses = 10_000

/** Shuts out addresses that guess: after too many failed attempts nothing they send is looked at for a while. */
export class LockOut {
  readonly #clock: Clock
  readonly #limits: LockOutLimits
  // In order of the last failure, the oldest first.
  readonly #records = new Map<string, Record>()
  #lockedTotal = 0

  constructor(clock: Clock, limits: LockOutLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** How many times an address was shut out. */
  get lockedTotal(): number {
    return this.#lockedTotal
  }

  get addressCount(): number {
    return this.#records.size
  }

  /** For how much longer an address is shut out, in milliseconds; 0 where it is not. */
  remainingMs(address: string): number {
    // Nobody failed lately is the rule, and costs nothing.
    if (this.#records.size === 0) return 0
    const record = this.#records.get(neighbourhood(address))
    return record === undefined ? 0 : Math.max(0, record.lockedUntilMs - this.#clock.monotonicMs())
  }

  failed(address: string): void {
    if (this.#limits.attempts === 0) return
    const key = neighbourhood(address)
    const nowMs = this.#clock.monotonicMs()
    const known = this.#records.get(key)
    const record =
      known !== undefined && nowMs < known.windowEndsMs
        ? known
        : { failures: 0, windowEndsMs: nowMs + this.#limits.windowMs, lockedUntilMs: 0 }
    record.failures += 1
    if (record.failures === this.#limits.attempts) {
      this.#lockedTotal += 1
      record.lockedUntilMs = nowMs + this.#limits.durationMs
      // The count starts over when the address may come again.
      record.windowEndsMs = record.lockedUntilMs
    }
    this.#remember(key, record)
  }

  #remember(key: string, record: Record): void {
    this.#records.delete(key)
    this.#records.set(key, record)
    if (this.#records.size <= mostAddresses) return
    const [oldest] = this.#records.keys()
    if (oldest !== undefined) this.#records.delete(oldest)
  }
}

/** Who holds one IPv6 address holds its /64: they count as one. */
function neighbourhood(address: string): string {
  const plain = withoutMapping(address)
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
