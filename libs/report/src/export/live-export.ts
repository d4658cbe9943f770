import type { Snapshot } from '@squall/metrics'
import type { ExportedRun, ExportedSecond, NumbersExport } from './numbers-export.ts'
import { SecondFeed } from './second-feed.ts'

export interface LiveExportOptions {
  readonly exports: readonly NumbersExport[]
  /** Told once of each export that fails; the run goes on. */
  readonly onTrouble: (text: string) => void
}

/** All exports of one run: every second goes to each of them in order, and none waits for another. */
export class LiveExport {
  readonly #options: LiveExportOptions
  readonly #lanes: readonly Lane[]
  #feed: SecondFeed | undefined
  #ended: Promise<void> | undefined

  constructor(options: LiveExportOptions) {
    this.#options = options
    this.#lanes = options.exports.map((target) => new Lane(target, options.onTrouble))
  }

  /**
   * Gets all exports ready, before there is load; none stays open where one cannot.
   * @throws CodedError REPORT_EXPORT_NOT_POSSIBLE
   */
  async prepare(run: ExportedRun): Promise<void> {
    try {
      for (const target of this.#options.exports) await target.start(run)
    } catch (error) {
      await Promise.all(this.#options.exports.map((target) => target.close().catch(() => undefined)))
      throw error
    }
  }

  /** Load begins. @param startAtWallMs T0. */
  begin(shards: number, startAtWallMs: number): void {
    this.#feed = new SecondFeed(shards, startAtWallMs)
  }

  take(shard: number, snapshot: Snapshot): void {
    // Where nobody listens, nothing is put together.
    if (this.#lanes.length > 0) this.#send(this.#feed?.add(shard, snapshot) ?? [])
  }

  /** Hands on what is left and closes everything. Never rejects, and never takes much longer than two requests. Harmless to call twice. */
  end(): Promise<void> {
    this.#ended ??= this.#close()
    return this.#ended
  }

  async #close(): Promise<void> {
    this.#send(this.#feed?.finish() ?? [])
    await Promise.all(this.#lanes.map((lane) => lane.close()))
  }

  #send(seconds: readonly ExportedSecond[]): void {
    for (const second of seconds) for (const lane of this.#lanes) lane.push(second)
  }
}

/** Of seconds that each count, no more than these wait for a receiver that is slow. */
const mostWaiting = 300

/** The way to one export, a second at a time. */
class Lane {
  readonly #target: NumbersExport
  readonly #onTrouble: (text: string) => void
  #waiting: ExportedSecond[] = []
  #busy: Promise<void> | undefined
  #hasFailed = false

  constructor(target: NumbersExport, onTrouble: (text: string) => void) {
    this.#target = target
    this.#onTrouble = onTrouble
  }

  push(second: ExportedSecond): void {
    if (this.#target.isCumulative) this.#waiting = []
    if (this.#waiting.length < mostWaiting) this.#waiting.push(second)
    else this.#tell(new Error('it is too slow, and misses seconds'))
    this.#busy ??= this.#drain()
  }

  async close(): Promise<void> {
    await this.#busy
    await this.#target.close().catch((error: unknown) => this.#tell(error))
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#target.take(next).catch((error: unknown) => this.#tell(error))
    this.#busy = undefined
  }

  #tell(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    const reason = error instanceof Error ? reasonOf(error) : String(error)
    this.#onTrouble(`the export ${this.#target.name} fails: ${reason}; the run goes on`)
  }
}

/** What fetch says of itself is only that it failed; the cause knows why. */
const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message)
