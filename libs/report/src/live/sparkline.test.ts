import { expect, test } from 'vitest'
import { renderProgressBar } from './progress-bar.ts'
import { renderSparkline } from './sparkline.ts'

test.each([
  [[0, 5, 10], 10, '▁▅█'],
  [[1, 2, 3, 4], 2, '▆█'],
  [[0, 0], 5, '▁▁'],
  [[], 5, ''],
  [[1, 2], 0, ''],
  [[1, 2], -3, ''],
])('%j in %i columns is %j', (values, width, bars) => expect(renderSparkline(values, width)).toBe(bars))

test.each([
  [0, 4, 0],
  [0.5, 4, 2],
  [1, 4, 4],
  [7, 4, 4],
  [-1, 4, 0],
])('a share of %d fills %i cells to %i', (share, width, filled) => {
  const { done, left } = renderProgressBar(share, width)
  expect([done.length, left.length]).toEqual([filled, width - filled])
})
