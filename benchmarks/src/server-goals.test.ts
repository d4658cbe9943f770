import { expect, test } from 'vitest'
import type { Rounds } from './rounds.ts'
import { judgeCall, judgeQuery } from './server-goals.ts'

function rounds(name: string, ...cpuPerCall: readonly number[]): Rounds {
  return { name, figures: cpuPerCall.map((value) => ({ cpuPerCall: value })) }
}

test('a call passes by its own cost or beside the bare route, and misses by both', () => {
  const bare = rounds('bare', 20, 30, 60)
  expect(judgeCall(rounds('ours', 80, 90, 130), bare)).toBe(
    'PASS ours: at most 100 µs or 2 × the bare route: 90 (80 to 130) µs, 3.0 (2.2 to 4.0) ×',
  )
  expect(judgeCall(rounds('ours', 101, 110, 120), rounds('bare', 60, 60, 60))).toMatch(/^PASS/)
  expect(judgeCall(rounds('ours', 101, 110, 120), rounds('bare', 50, 50, 50))).toMatch(/^MISS/)
})

test('a query is judged by what it costs beyond the driver in the same round', () => {
  const driver = rounds('driver', 500, 900, 600)
  expect(judgeQuery(rounds('ours', 700, 1150, 900), driver)).toBe(
    "PASS ours: at most 250 µs beyond the driver's own 600 µs: 250 (200 to 300) µs",
  )
  expect(judgeQuery(rounds('ours', 751, 1151, 900), driver)).toMatch(/^MISS/)
})
