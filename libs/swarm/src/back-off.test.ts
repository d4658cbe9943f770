import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

const waits = (chance: number): number[] => [1, 2, 3, 5, 6, 50].map((failures) => backOffMs(failures, { next: () => chance }))

test('each failure in a row doubles the wait up to ten seconds, of which chance takes at most half', () => {
  expect(waits(0)).toEqual([250, 500, 1_000, 4_000, 5_000, 5_000])
  expect(waits(0.5)).toEqual([375, 750, 1_500, 6_000, 7_500, 7_500])
})
