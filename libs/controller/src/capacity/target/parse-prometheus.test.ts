import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePrometheus } from './parse-prometheus.ts'

test('metrics are summed over their labels; buckets, quantiles and what cannot be read are left out', () => {
  const text = [
    '# HELP calls_total Calls by "tool" {so far}',
    '# TYPE calls_total counter',
    'calls_total{tool="a",path="/x\\"}{y"} 3',
    'calls_total{tool="b"} 4 1700000000000',
    'wait_seconds_bucket{le="+Inf"} 9',
    'wait_seconds_sum 1.5e2\r',
    'wait_seconds{quantile="0.9"} 7',
    'up NaN',
    'limit +Inf',
    'nonsense',
    '{} 4',
    '',
  ].join('\n')
  expect(Object.fromEntries(parsePrometheus(text.replace('\r', '')))).toEqual({ calls_total: 7, wait_seconds_sum: 150 })
})

test('whatever a target answers, reading it ends in finite numbers', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const value of parsePrometheus(text).values()) expect(Number.isFinite(value)).toBe(true)
    }),
  )
})
