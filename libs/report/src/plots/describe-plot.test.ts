import { expect, test } from 'vitest'
import { describeStep, formatInstant, formatInUnit } from './describe-plot.ts'

test.each([
  [0, '0:00'],
  [34, '0:34'],
  [3599, '59:59'],
  [3723, '1:02:03'],
])('second %i is %s', (second, text) => expect(formatInstant(second)).toBe(text))

test.each([
  [12, 'ms', '12 ms'],
  [0.5, 'share', '50 %'],
  [12, 'per-second', '12.0/s'],
  [1200, 'count', '1,200'],
] as const)('%d in %s is %s', (value, unit, text) => expect(formatInUnit(value, unit)).toBe(text))

test('a step longer than a second says what became of the seconds', () => {
  expect(describeStep(1)).toBe('One point per second.')
  expect(describeStep(4)).toContain('4 seconds: the mean of counts, the worst second of times')
})
