import type { WireRow } from '../../engine/engine.ts'

/** Cuts an engine's batches, of whatever sizes, to the sizes the wire wants. */
export class RowReader {
  readonly #batches: AsyncIterator<readonly WireRow[]>
  #batch: readonly WireRow[] = []
  #offset = 0

  constructor(batches: AsyncIterable<readonly WireRow[]>) {
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /**
   * The next `count` rows. One call at a time.
   * @throws Error where fewer are left: the engine's own count promised them.
   */
  async take(count: number): Promise<WireRow[]> {
    const rows: WireRow[] = []
    while (rows.length < count) {
      if (this.#offset === this.#batch.length) await this.#advance(count - rows.length)
      const part = this.#batch.slice(this.#offset, this.#offset + count - rows.length)
      this.#offset += part.length
      rows.push(...part)
    }
    return rows
  }

  /** Tells the engine that nobody will read on. */
  async close(): Promise<void> {
    await this.#batches.return?.()
  }

  async #advance(missing: number): Promise<void> {
    const next = await this.#batches.next()
    if (next.done === true) throw new Error(`the result ended ${missing} rows before its row count`)
    this.#batch = next.value
    this.#offset = 0
  }
}
