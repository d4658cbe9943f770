import type { Clock, Timer } from '@squall/time'

export type WarehouseStatus = 'STARTED' | 'SUSPENDED' | 'RESUMING'

/** What can be set of a warehouse. */
export interface WarehouseSettings {
  /** How many statements run at once; the others queue. Infinity: none ever queues. */
  readonly slots: number
  /** How long a suspended warehouse takes to start, once a statement asks for it. */
  readonly resumeDelayMs: number
}

/** A place in a warehouse, and what it cost to get it. */
export interface SlotLease {
  /** Spent waiting for the warehouse to start. */
  readonly provisioningMs: number
  /** Spent waiting for other statements to end. */
  readonly overloadMs: number
  /** Gives the place back. Harmless when repeated. */
  release(): void
}

interface Waiter {
  readonly grant: () => void
}

/** A virtual warehouse: places for statements, first come, first served. It costs nothing but waiting; DuckDB does the work. */
export class Warehouse {
  readonly name: string
  readonly #clock: Clock
  #settings: WarehouseSettings = { slots: Infinity, resumeDelayMs: 0 }
  #status: WarehouseStatus = 'STARTED'
  #running = 0
  /** In the order they came. */
  readonly #waiting = new Set<Waiter>()
  #resumedMs = 0
  #resuming: Timer | undefined

  constructor(name: string, clock: Clock) {
    this.name = name
    this.#clock = clock
  }

  get settings(): WarehouseSettings {
    return this.#settings
  }

  get status(): WarehouseStatus {
    return this.#status
  }

  get running(): number {
    return this.#running
  }

  get queued(): number {
    return this.#waiting.size
  }

  /** Fewer slots than statements that run let those end first. */
  configure(settings: Partial<WarehouseSettings>): void {
    this.#settings = { ...this.#settings, ...settings }
    this.#admit()
  }

  /** What runs goes on; the next statement has to wait for the start. */
  suspend(): void {
    this.#resuming?.cancel()
    this.#status = 'SUSPENDED'
    if (this.#waiting.size > 0) this.#resume()
  }

  /** Starts it at once, without the delay. */
  start(): void {
    this.#resuming?.cancel()
    this.#status = 'STARTED'
    this.#resumedMs = this.#clock.monotonicMs()
    this.#admit()
  }

  /**
   * Waits for a place.
   * @throws the signal's reason when it aborts first.
   */
  async acquire(signal: AbortSignal): Promise<SlotLease> {
    const askedMs = this.#clock.monotonicMs()
    const isFree = this.#status === 'STARTED' && this.#waiting.size === 0 && this.#running < this.#settings.slots
    if (isFree) this.#running += 1
    else await this.#wait(signal)
    return this.#lease(askedMs, isFree ? askedMs : this.#clock.monotonicMs())
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { grant: resolve }
    const giveUp = (): void => {
      // One that has its place already keeps it, and gives it back as usual.
      if (this.#waiting.delete(waiter)) reject(signal.reason as Error)
    }
    this.#waiting.add(waiter)
    signal.addEventListener('abort', giveUp, { once: true })
    this.#admit()
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** For a place that is counted already. */
  #lease(askedMs: number, gotMs: number): SlotLease {
    const provisioningMs = Math.max(0, Math.min(gotMs, this.#resumedMs) - askedMs)
    let isHeld = true
    return {
      provisioningMs,
      overloadMs: gotMs - askedMs - provisioningMs,
      release: () => {
        if (!isHeld) return
        isHeld = false
        this.#running -= 1
        this.#admit()
      },
    }
  }

  #admit(): void {
    if (this.#waiting.size === 0) return
    if (this.#status === 'SUSPENDED') this.#resume()
    if (this.#status !== 'STARTED') return
    for (const waiter of this.#waiting) {
      if (this.#running >= this.#settings.slots) return
      this.#running += 1
      this.#waiting.delete(waiter)
      waiter.grant()
    }
  }

  #resume(): void {
    this.#status = 'RESUMING'
    this.#resuming = this.#clock.at(this.#clock.monotonicMs() + this.#settings.resumeDelayMs, () => this.start())
  }
}
