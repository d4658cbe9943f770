import { sleep, type Clock } from '@squall/time'
import type { AuditSink } from './audit-file.ts'

export interface AuditTrailOptions {
  readonly clock: Clock
  readonly sink: AuditSink
  /** Lines that wait to be written, in bytes; beyond, lines are lost. */
  readonly maxWaitingBytes: number
  /** Told once when writing fails, and once when it works again. */
  readonly onFailure: (message: string) => void
  readonly onRecovery: () => void
}

const largestWriteBytes = 262_144
const retryDelayMs = 500
/** What cannot be written by then when the server stops is lost. */
const closePatienceMs = 1000

/**
 * Writes lines in order, one write at a time, while calls go on. A write that fails is tried again until it works: what waits
 * meanwhile is kept up to a bound, and what goes beyond is counted.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions
  readonly #closing = new AbortController()
  #waiting: string[] = []
  #waitingBytes = 0
  #pump: Promise<void> | undefined
  #failure: string | undefined
  #written = 0
  #lost = 0

  constructor(options: AuditTrailOptions) {
    this.#options = options
  }

  /** Why nothing can be written now; undefined where it can. */
  get failure(): string | undefined {
    return this.#failure
  }

  /** Whether a further line may be lost. */
  get isFull(): boolean {
    return this.#waitingBytes >= this.#options.maxWaitingBytes
  }

  get writtenLines(): number {
    return this.#written
  }

  get lostLines(): number {
    return this.#lost
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** @param mustKeep the line is kept beyond the bound; for what is bounded elsewhere. */
  add(line: string, mustKeep: boolean): void {
    if (this.isFull && !mustKeep) {
      this.#lost += 1
      return
    }
    this.#waiting.push(`${line}\n`)
    // In UTF-16 units, which is near enough for a bound.
    this.#waitingBytes += line.length + 1
    this.#pump ??= this.#writeAll()
  }

  /** Writes what waits, for a moment, and closes the sink. */
  async close(): Promise<void> {
    const patience = sleep(this.#options.clock, closePatienceMs, this.#closing.signal).catch(() => undefined)
    await Promise.race([this.#pump, patience])
    this.#closing.abort()
    this.#lost += this.#waiting.length
    await this.#options.sink.close().catch((error: unknown) => this.#fail(error))
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#closing.signal.aborted) await this.#writeBatch()
    this.#pump = undefined
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch()
    let bytes = Buffer.from(batch.join(''))
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(await this.#options.sink.write(bytes))
        this.#recover()
      } catch (error) {
        this.#fail(error)
        await sleep(this.#options.clock, retryDelayMs, this.#closing.signal).catch(() => undefined)
        if (this.#closing.signal.aborted) break
      }
    }
    if (bytes.length > 0) this.#lost += batch.length
    else this.#written += batch.length
    for (const line of batch) this.#waitingBytes -= line.length
  }

  #takeBatch(): string[] {
    let bytes = 0
    const beyond = this.#waiting.findIndex((line) => (bytes += line.length) > largestWriteBytes)
    return this.#waiting.splice(0, beyond < 0 ? this.#waiting.length : Math.max(beyond, 1))
  }

  #fail(error: unknown): void {
    const isNews = this.#failure === undefined
    this.#failure = (error as Error).message
    if (isNews) this.#options.onFailure(this.#failure)
  }

  #recover(): void {
    if (this.#failure === undefined) return
    this.#failure = undefined
    this.#options.onRecovery()
  }
}
