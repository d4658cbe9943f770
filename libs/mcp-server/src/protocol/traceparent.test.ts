import { expect, test } from 'vitest'
import { traceparentOf } from './traceparent.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const good = `00-${trace}-b7ad6b7169203331-01`

test.each([
  [undefined, good, good],
  [{ traceparent: good }, undefined, good],
  [{ traceparent: good }, `00-${'1'.repeat(32)}-b7ad6b7169203331-01`, good],
  [{ other: 1 }, good, good],
  ['text', `01-${trace}-b7ad6b7169203331-00-later`, `01-${trace}-b7ad6b7169203331-00`],
])('%j and %j: %j', (meta, header, expected) => {
  expect(traceparentOf(meta, header)).toBe(expected)
})

test.each([
  undefined,
  'canary',
  '',
  `ff-${trace}-b7ad6b7169203331-01`,
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace.toUpperCase()}-b7ad6b7169203331-01`,
  `${good}x`,
])('%j is none', (header) => {
  expect(traceparentOf(undefined, header)).toBeUndefined()
  expect(traceparentOf({ traceparent: header ?? 7 }, undefined)).toBeUndefined()
})
