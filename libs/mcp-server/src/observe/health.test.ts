import { expect, test } from 'vitest'
import { memoryCheck } from '../index.ts'
import { scriptedSnowflake } from '../test/scripted-snowflake.ts'
import { checkBreaker, createHealth, type Backend, type HealthReason } from './health.ts'

const backend: Backend = { kind: 'account', account: 'A', state: () => 'up', detail: () => 'account' }
const snowflake = scriptedSnowflake(() => new Error('unused'))
const stats = (): ReturnType<typeof snowflake.stats> => snowflake.stats()

function healthWith(given: Partial<Parameters<typeof createHealth>[0]>) {
  return createHealth({ backend, pool: stats, isDraining: () => false, ...given })
}

test('a server in which nothing is wrong is healthy, without a reason', () => {
  const health = healthWith({})
  expect([health.status(), health.reasons()]).toEqual(['healthy', []])
})

test.each([
  [
    'Snowflake that is down',
    { backend: { ...backend, state: () => 'restarting', detail: () => 'coming' } },
    'unhealthy',
    'snowflake_down',
    'coming',
  ],
  [
    'more calls that wait than there are sessions',
    { pool: () => ({ ...stats(), waiting: 5 }) },
    'degraded',
    'pool_exhausted',
    '5 calls wait for one of 4',
  ],
  ['a server that stops', { isDraining: () => true }, 'draining', 'draining', 'stopping'],
  [
    'a process that has used up its memory',
    {
      checks: [
        memoryCheck(
          () => 95,
          () => 100,
        ),
      ],
    },
    'degraded',
    'memory',
    '95 %',
  ],
] as const)('%s: %3$s', (_name, given, status, code, words) => {
  const health = healthWith(given)
  expect(health.status()).toBe(status)
  expect(health.reasons()).toMatchObject([{ code, status, message: expect.stringContaining(words) as string }])
})

test('calls that cannot reach Snowflake degrade it, three in a row make it unhealthy, one that can heals it', () => {
  const health = healthWith({})
  const seen = [false, undefined, false, false, true].map((reached) => {
    health.contact(reached)
    return health.status()
  })
  expect(seen).toEqual(['degraded', 'degraded', 'degraded', 'unhealthy', 'healthy'])
})

test('the worst reason decides, and all are told', () => {
  const minor: HealthReason = { code: 'minor', status: 'degraded', message: 'x' }
  const health = healthWith({
    isDraining: () => true,
    checks: [
      () => minor,
      memoryCheck(
        () => 50,
        () => 100,
      ),
    ],
  })
  health.contact(false)
  expect(health.status()).toBe('draining')
  expect(health.reasons().map(({ code }) => code)).toEqual(['draining', 'snowflake_unreachable', 'minor'])
})

test.each([
  ['closed', undefined],
  ['half_open', { code: 'breaker_open', status: 'degraded' }],
  ['open', { code: 'breaker_open', status: 'degraded', message: expect.stringContaining('2 times') as string }],
] as const)('a breaker that is %s', (state, reason) => {
  expect(checkBreaker({ state, openedTotal: 2 }) ?? {}).toMatchObject(reason ?? {})
})
