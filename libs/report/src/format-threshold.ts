import { isProblem, parseThreshold } from '@squall/load-plan'
import { formatMs, formatRate } from './format-number.ts'
import type { ThresholdResult } from './summary.ts'

/** What was measured for a threshold, with its unit. */
export function formatMeasured({ expression, value }: ThresholdResult): string {
  if (value === null) return 'nothing measured'
  const threshold = parseThreshold(expression)
  if (isProblem(threshold)) return String(value)
  const { type } = threshold.metric
  if (type === 'latency') return formatMs(value)
  // Not rounded as elsewhere: 1.004 % must not read as 1 % beside the limit it broke.
  if (type === 'failedRatio') return `${value} %`
  return type === 'rate' ? `${formatRate(value)}/s` : String(value)
}

/** What came of a threshold; one that nothing was measured for is neither held nor broken. */
export const resultOf = ({ value, ok }: ThresholdResult): 'held' | 'broken' | 'not judged' =>
  value === null ? 'not judged' : ok ? 'held' : 'broken'
