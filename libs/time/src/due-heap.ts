/** Something that falls due, as the heap keeps it. */
export interface DueEntry<T> {
  readonly dueMs: number
  readonly value: T
}

interface Slot<T> extends DueEntry<T> {
  /** Entries that fall due at the same instant leave in the order they came. */
  readonly order: number
  /** Where the heap holds it; -1 once it left. */
  place: number
}

/**
 * A queue ordered by due time. Adding, taking the first and removing any entry cost the logarithm of its size; a removed entry is gone
 * at once, so that timers which are nearly always cancelled, such as time-outs, do not pile up.
 */
export class DueHeap<T> {
  readonly #slots: Slot<T>[] = []
  #added = 0

  get size(): number {
    return this.#slots.length
  }

  get first(): DueEntry<T> | undefined {
    return this.#slots[0]
  }

  /** @returns the entry, to remove it again with. */
  add(dueMs: number, value: T): DueEntry<T> {
    const slot: Slot<T> = { dueMs, value, order: this.#added++, place: this.#slots.length }
    this.#slots.push(slot)
    this.#raise(slot)
    return slot
  }

  /** @param entry what `add` of this heap returned. Harmless once it left. */
  remove(entry: DueEntry<T>): void {
    // `add` returns nothing else.
    this.#remove(entry as Slot<T>)
  }

  takeFirst(): DueEntry<T> | undefined {
    const first = this.#slots[0]
    if (first !== undefined) this.#remove(first)
    return first
  }

  #remove(slot: Slot<T>): void {
    if (slot.place < 0) return
    const last = this.#slots.pop()
    if (last !== undefined && last !== slot) {
      this.#put(last, slot.place)
      this.#raise(last)
      this.#sink(last)
    }
    slot.place = -1
  }

  #raise(slot: Slot<T>): void {
    let { place } = slot
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#slots[above]
      if (parent === undefined || !isBefore(slot, parent)) break
      this.#put(parent, place)
      place = above
    }
    this.#put(slot, place)
  }

  #sink(slot: Slot<T>): void {
    let { place } = slot
    for (;;) {
      const below = place * 2 + 1
      const left = this.#slots[below]
      const right = this.#slots[below + 1]
      const sooner = left !== undefined && right !== undefined && isBefore(right, left) ? right : left
      if (sooner === undefined || !isBefore(sooner, slot)) break
      const { place: next } = sooner
      this.#put(sooner, place)
      place = next
    }
    this.#put(slot, place)
  }

  #put(slot: Slot<T>, place: number): void {
    this.#slots[place] = slot
    slot.place = place
  }
}

const isBefore = <T>(a: Slot<T>, b: Slot<T>): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
