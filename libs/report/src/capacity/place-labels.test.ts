import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels, type PlacedLabel } from './place-labels.ts'

const room = { left: 50, right: 400, top: 11 }

/** From where to where a word goes. */
function spanOf({ x, anchor }: PlacedLabel, label: string): [number, number] {
  const width = label.length * 8
  return anchor === 'end' ? [x - width, x] : [x, x + width]
}

test('two lines near each other have their words on either side', () => {
  const near = [
    { x: 200, label: 'maximum' },
    { x: 190, label: 'knee' },
  ]
  expect(placeLabels(near, room)).toEqual([
    { x: 204, y: 11, anchor: 'start' },
    { x: 186, y: 11, anchor: 'end' },
  ])
  expect(placeLabels([{ x: 398, label: 'maximum' }], room)).toEqual([{ x: 394, y: 11, anchor: 'end' }])
  expect(placeLabels([], room)).toEqual([])
})

test('no word covers another, or leaves the drawing', () => {
  const line = fc.record({ x: fc.double({ min: 50, max: 400, noNaN: true }), label: fc.string({ minLength: 1, maxLength: 20 }) })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const placed = placeLabels(lines, room)
      const words = lines.map(({ label }, index) => {
        const spot = placed[index]
        if (spot === undefined) throw new Error('a line without a word')
        return { y: spot.y, span: spanOf(spot, label) }
      })
      for (const [index, { y, span }] of words.entries()) {
        expect(span[0]).toBeGreaterThanOrEqual(room.left)
        expect(span[1]).toBeLessThanOrEqual(room.right)
        for (const other of words.slice(index + 1))
          expect(y !== other.y || span[1] <= other.span[0] || span[0] >= other.span[1]).toBe(true)
      }
    }),
  )
})
