import { expect, test } from 'vitest'
import { formatMeasured } from './format-threshold.ts'

test.each([
  ['p95<500ms', 312.4, '312 ms'],
  ['tool.execute_query.p99<2s', 1900, '1.90 s'],
  ['failed<1%', 1.004, '1.004 %'],
  ['p95<500ms', null, 'nothing measured'],
  ['calls>100', 250, '250'],
  ['rate>10', 142.4, '142/s'],
  ['what is this', 3, '3'],
])('%s with %s reads as %s', (expression, value, text) => expect(formatMeasured({ expression, value, ok: false })).toBe(text))
