/** Remembers which snapshots were merged, in memory that grows with the gaps between them, not with their number. */
export class SnapshotLedger {
  readonly #seen = new Map<string, Range[]>()

  /** @returns false where this very snapshot was admitted before. */
  admit(shard: number, epoch: number, sequence: number): boolean {
    const source = `${shard}.${epoch}`
    const ranges = this.#seen.get(source) ?? []
    this.#seen.set(source, ranges)
    return insert(ranges, sequence)
  }
}

/** Whole numbers from `first` to `last`, both included. */
interface Range {
  first: number
  last: number
}

/** Adds a number to ordered, disjoint ranges that never touch; false where one of them holds it already. */
function insert(ranges: Range[], value: number): boolean {
  // Snapshots come in order nearly always, so the place is looked for from the end.
  const before = ranges.findLastIndex((range) => range.first <= value)
  const left = ranges[before]
  if (left !== undefined && value <= left.last) return false
  const right = ranges[before + 1]
  const extendsLeft = left?.last === value - 1
  const extendsRight = right?.first === value + 1
  if (extendsLeft && extendsRight) {
    left.last = right.last
    ranges.splice(before + 1, 1)
  } else if (extendsLeft) left.last = value
  else if (extendsRight) right.first = value
  else ranges.splice(before + 1, 0, { first: value, last: value })
  return true
}
