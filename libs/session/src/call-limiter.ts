import type { Clock } from '@squall/time'
import { CallMeter, type CallKind, type CallLimits } from './call-meter.ts'

export interface CallLimiterLimits {
  /** For each client. */
  readonly perClient: CallLimits
  /** For all clients together. */
  readonly total: CallLimits
}

/** A limit that a call ran into. */
export interface LimitReached {
  readonly limit: 'client_rate' | 'client_quota' | 'total_rate' | 'total_quota'
  /** After this long a call is let through, if no other comes before it. */
  readonly retryAfterMs: number
}

/** Clients remembered at once. One that could be forgotten without anybody noticing is the first to go. */
const mostClients = 20_000
/** How many are looked at to find one. */
const candidates = 8

/** Counts calls against the limits of their client and of all. Refused calls count against none. */
export class CallLimiter {
  readonly #clock: Clock
  readonly #limits: CallLimiterLimits
  readonly #total: CallMeter
  readonly #hasClientLimits: boolean
  readonly #hasTotalLimits: boolean
  // In order of the last call, the longest quiet first.
  readonly #clients = new Map<string, CallMeter>()
  readonly #reached = { client_rate: 0, client_quota: 0, total_rate: 0, total_quota: 0 }

  constructor(clock: Clock, limits: CallLimiterLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#total = new CallMeter(limits.total)
    this.#hasClientLimits = !new CallMeter(limits.perClient).isLimitless
    this.#hasTotalLimits = !this.#total.isLimitless
  }

  /** How often each limit turned a call away. */
  get reachedTotal(): Readonly<Record<LimitReached['limit'], number>> {
    return this.#reached
  }

  get clientCount(): number {
    return this.#clients.size
  }

  /**
   * Counts a call in, or says which limit stands against it.
   * @param client whose limits count; undefined for a caller who cannot be told from others.
   */
  admit(client: string | undefined, kind: CallKind): LimitReached | undefined {
    const meter = this.#hasClientLimits && client !== undefined ? this.#meterOf(client) : undefined
    if (meter === undefined && !this.#hasTotalLimits) return undefined
    const nowMs = this.#clock.monotonicMs()
    const wallMs = this.#clock.wallMs()
    const inTheWay = meter?.findLimit(kind, nowMs, wallMs)
    if (inTheWay !== undefined) return this.#refuse(`client_${inTheWay.sort}`, inTheWay.waitMs)
    const forAll = this.#total.findLimit(kind, nowMs, wallMs)
    if (forAll !== undefined) return this.#refuse(`total_${forAll.sort}`, forAll.waitMs)
    meter?.take(kind, nowMs, wallMs)
    this.#total.take(kind, nowMs, wallMs)
    return undefined
  }

  #refuse(limit: LimitReached['limit'], retryAfterMs: number): LimitReached {
    this.#reached[limit] += 1
    return { limit, retryAfterMs }
  }

  #meterOf(client: string): CallMeter {
    const meter = this.#clients.get(client) ?? new CallMeter(this.#limits.perClient)
    this.#clients.delete(client)
    this.#clients.set(client, meter)
    if (this.#clients.size > mostClients) this.#forgetOne()
    return meter
  }

  #forgetOne(): void {
    let longestQuiet: string | undefined
    let looked = 0
    for (const [client, meter] of this.#clients) {
      longestQuiet ??= client
      if (meter.isUnused(this.#clock.monotonicMs(), this.#clock.wallMs())) return void this.#clients.delete(client)
      looked += 1
      if (looked === candidates) break
    }
    if (longestQuiet !== undefined) this.#clients.delete(longestQuiet)
  }
}
