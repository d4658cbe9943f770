import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const nowMs = Date.UTC(2026, 0, 1)

test.each([
  [undefined, undefined],
  ['2', 2000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s asks for a pause of %s ms', (header, pauseMs) => {
  expect(retryAfterMs(header, nowMs)).toBe(pauseMs)
})
