import { expect, test } from 'vitest'
import { startSkewMs } from './first-requests.ts'

const request = (mark: string, atMs: number) => ({ headers: { 'x-squall-shard': mark }, atMs })
const probe = { headers: {}, atMs: 1 }

test('the skew of a start is from the first request of the first generator to that of the last', () => {
  const seen = [probe, request('1.1', 100), request('1.1', 130), request('0.1', 117), request('2.1', 109), request('0.1', 140)]
  expect(startSkewMs(seen, 3)).toBe(17)
})

test('a generator that made no request is no small skew', () => {
  expect(() => startSkewMs([request('0.1', 100)], 2)).toThrow('1 of 2 generators began')
})
