import { QuotaWindow, type Quota } from './quota-window.ts'
import { TokenBucket, type RateLimit } from './token-bucket.ts'

/** `query` reads data; `read` only looks around. */
export type CallKind = 'read' | 'query'

/** Limits of one client, or of all together. Those named for queries stand beside those for all calls. */
export interface CallLimits {
  readonly rates: readonly RateLimit[]
  readonly queryRates: readonly RateLimit[]
  readonly quotas: readonly Quota[]
  readonly queryQuotas: readonly Quota[]
}

interface InTheWay {
  readonly sort: 'rate' | 'quota'
  readonly waitMs: number
}

/** The buckets and windows of one client, or of all together. */
export class CallMeter {
  readonly #rates: readonly TokenBucket[]
  readonly #queryRates: readonly TokenBucket[]
  readonly #quotas: readonly QuotaWindow[]
  readonly #queryQuotas: readonly QuotaWindow[]

  constructor({ rates, queryRates, quotas, queryQuotas }: CallLimits) {
    this.#rates = rates.map((rate) => new TokenBucket(rate))
    this.#queryRates = queryRates.map((rate) => new TokenBucket(rate))
    this.#quotas = quotas.map((quota) => new QuotaWindow(quota))
    this.#queryQuotas = queryQuotas.map((quota) => new QuotaWindow(quota))
  }

  get isLimitless(): boolean {
    return this.#rates.length + this.#queryRates.length + this.#quotas.length + this.#queryQuotas.length === 0
  }

  /** The limit a call would have to wait for longest; undefined where it may go on. */
  findLimit(kind: CallKind, nowMs: number, wallMs: number): InTheWay | undefined {
    let rateMs = longestWait(this.#rates, nowMs)
    let quotaMs = longestWait(this.#quotas, wallMs)
    if (kind === 'query') {
      rateMs = Math.max(rateMs, longestWait(this.#queryRates, nowMs))
      quotaMs = Math.max(quotaMs, longestWait(this.#queryQuotas, wallMs))
    }
    if (quotaMs > 0 && quotaMs >= rateMs) return { sort: 'quota', waitMs: quotaMs }
    return rateMs > 0 ? { sort: 'rate', waitMs: rateMs } : undefined
  }

  /** Counts a call; only where no limit was found. */
  take(kind: CallKind, nowMs: number, wallMs: number): void {
    for (const bucket of this.#rates) bucket.take(nowMs)
    for (const window of this.#quotas) window.take(wallMs)
    if (kind === 'read') return
    for (const bucket of this.#queryRates) bucket.take(nowMs)
    for (const window of this.#queryQuotas) window.take(wallMs)
  }

  /** Whether a new meter would be the same, so that this one may be forgotten. */
  isUnused(nowMs: number, wallMs: number): boolean {
    const buckets = [...this.#rates, ...this.#queryRates]
    const windows = [...this.#quotas, ...this.#queryQuotas]
    return buckets.every((bucket) => bucket.isFull(nowMs)) && windows.every((window) => window.isUnused(wallMs))
  }
}

function longestWait(gates: readonly { waitMs(atMs: number): number }[], atMs: number): number {
  let longestMs = 0
  for (const gate of gates) longestMs = Math.max(longestMs, gate.waitMs(atMs))
  return longestMs
}
