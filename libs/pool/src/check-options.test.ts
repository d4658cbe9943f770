import type { CodedError } from '@squall/errors'
import { expect, test } from 'vitest'
import { checkOptions } from './check-options.ts'
import type { PoolOptions } from './pool-options.ts'

const good: PoolOptions = {
  min: 0,
  max: 1,
  acquireTimeoutMs: 10,
  idleTimeoutMs: Infinity,
  maxLifetimeMs: 1000,
  maxWaiting: 0,
  validateAfterIdleMs: 0,
}

const problemsOf = (options: PoolOptions): string[] => {
  try {
    checkOptions(options)
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'POOL_BAD_OPTIONS', exitCode: 2 })
    return (error as CodedError).problems.map(({ where }) => where)
  }
}

test('options that can work come back frozen', () => {
  const options = checkOptions(good)
  expect(options).toEqual(good)
  expect(Object.isFrozen(options)).toBe(true)
})

test('all problems are told at once', () => {
  expect(problemsOf({ ...good, min: 5, max: 2, acquireTimeoutMs: -1, maxWaiting: 1.5 })).toEqual([
    'maxWaiting',
    'acquireTimeoutMs',
    'min',
  ])
})

test.each([
  ['min', -1],
  ['max', 0],
  ['max', Infinity],
  ['maxWaiting', NaN],
  ['idleTimeoutMs', NaN],
  ['maxLifetimeMs', -5],
  ['validateAfterIdleMs', -0.1],
] as const)('%s may not be %d', (where, value) => {
  expect(problemsOf({ ...good, [where]: value })).toContain(where)
})
