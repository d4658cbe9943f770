/** Where a word stands beside a line that goes from top to bottom. */
export interface PlacedLabel {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

export interface LabelRoom {
  readonly left: number
  readonly right: number
  /** Of the first row's baseline. */
  readonly top: number
}

const gap = 4
const rowHeight = 13
const rows = 4
/** A letter of the drawing's small type takes about so much. */
const letterWidth = 8

/**
 * Places words beside their lines so that none covers another: on the left of its line or the right, a row lower where both are taken.
 * @param lines with their place from left to right, and their word.
 * @returns one place for each, in the order given; where four rows do not do, words of the last may touch.
 */
export function placeLabels(
  lines: readonly { readonly x: number; readonly label: string }[],
  { left, right, top }: LabelRoom,
): PlacedLabel[] {
  const placed = new Map<number, PlacedLabel & { readonly from: number; readonly to: number }>()
  const order = lines.map((line, index) => ({ ...line, index })).toSorted((a, b) => a.x - b.x)
  for (const [place, { x, label, index }] of order.entries()) {
    const width = label.length * letterWidth
    const onLeft = { x: x - gap, anchor: 'end' as const, from: x - gap - width, to: x - gap }
    const onRight = { x: x + gap, anchor: 'start' as const, from: x + gap, to: x + gap + width }
    // The first of several leaves the room between the lines to the next.
    const sides = place < order.length - 1 ? [onLeft, onRight] : [onRight, onLeft]
    const taken = [...placed.values()]
    const spots = rowsFrom(top).flatMap((y) => sides.map((side) => ({ side, y })))
    const inside = spots.filter(({ side }) => side.from >= left && side.to <= right)
    const free = inside.find(({ side, y }) => taken.every((one) => one.y !== y || side.to <= one.from || side.from >= one.to))
    const { side, y } = free ?? inside.at(-1) ?? { side: onLeft, y: top }
    placed.set(index, { ...side, y })
  }
  return lines.flatMap((_, index) => {
    const found = placed.get(index)
    return found === undefined ? [] : [{ x: found.x, y: found.y, anchor: found.anchor }]
  })
}

const rowsFrom = (top: number): number[] => Array.from({ length: rows }, (_, row) => top + row * rowHeight)
