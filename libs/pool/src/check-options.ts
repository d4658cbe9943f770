import { CodedError, type Problem } from '@squall/errors'
import { poolErrors } from './errors.ts'
import type { PoolOptions } from './pool-options.ts'

/**
 * Returns a frozen copy of options that can work.
 * @throws CodedError POOL_BAD_OPTIONS with every problem at once.
 */
export function checkOptions(options: PoolOptions): PoolOptions {
  const problems = [
    ...wholeNumber(options, 'min', 0),
    ...wholeNumber(options, 'max', 1),
    ...wholeNumber(options, 'maxWaiting', 0),
    ...duration(options, 'acquireTimeoutMs'),
    ...duration(options, 'idleTimeoutMs'),
    ...duration(options, 'maxLifetimeMs'),
    ...duration(options, 'validateAfterIdleMs'),
    ...(options.openingAtOnce === undefined ? [] : wholeNumber(options, 'openingAtOnce', 1)),
    ...(options.openingJitterMs === undefined ? [] : duration(options, 'openingJitterMs')),
    ...(options.leakAfterMs === undefined ? [] : duration(options, 'leakAfterMs')),
  ]
  if (options.min > options.max)
    problems.push({ where: 'min', value: options.min, expected: `at most max, which is ${options.max}` })
  if (problems.length > 0) throw new CodedError(poolErrors.POOL_BAD_OPTIONS, { problems })
  return Object.freeze({ ...options })
}

function wholeNumber(options: PoolOptions, where: keyof PoolOptions, least: number): Problem[] {
  const value = options[where]
  return Number.isInteger(value) && Number(value) >= least
    ? []
    : [{ where, value, expected: `a whole number of at least ${least}` }]
}

function duration(options: PoolOptions, where: keyof PoolOptions): Problem[] {
  const value = options[where]
  // Infinity is a fair way to say never.
  return Number(value) >= 0 ? [] : [{ where, value, expected: 'milliseconds, 0 or more' }]
}
