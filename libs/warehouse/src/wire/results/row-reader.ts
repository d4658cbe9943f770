import type { WireRow } from '../../engine/engine.ts'

/** Cuts an engine's batches, of whatever sizes, to the sizes the wire wants. */
export class RowReader {
  readonly #batches: Iterator<readonly WireRow[]>
  #batch: readonly WireRow[] = []
  #offset = 0

  constructor(batches: Iterable<readonly WireRow[]>) {
    this.#batches = batches[Symbol.iterator]()
  }

  /**
   * The next `count` rows.
   * @throws Error where fewer are left: the engine's own count promised them.
   */
  take(count: number): WireRow[] {
    const rows: WireRow[] = []
    while (rows.length < count) {
      if (this.#offset === this.#batch.length) this.#advance(count - rows.length)
      const part = this.#batch.slice(this.#offset, this.#offset + count - rows.length)
      this.#offset += part.length
      rows.push(...part)
    }
    return rows
  }

  /** Tells the engine that nobody will read on. */
  close(): void {
    this.#batches.return?.()
  }

  #advance(missing: number): void {
    const next = this.#batches.next()
    if (next.done === true) throw new Error(`the result ended ${missing} rows before its row count`)
    this.#batch = next.value
    this.#offset = 0
  }
}
