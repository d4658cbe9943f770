import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { toAgentSettings } from './agent-settings.ts'

const setting = (where: string, value: unknown) => ({ where, value })

test('an agent needs no more than an address', () => {
  expect(toAgentSettings({ fabric: setting('--fabric', 'rediss://:x@h:6380') })).toEqual({
    url: 'rediss://:x@h:6380',
    workers: availableParallelism(),
    allowTargets: [],
    secret: undefined,
  })
})

test('everything wrong with an agent is told at once', () => {
  expect(() => toAgentSettings({ workers: setting('--workers', '0'), allowTarget: setting('--allow-target', ['']) })).toThrow(
    expect.objectContaining({
      code: 'SQUALL_BAD_OPTIONS',
      problems: [
        { where: '--workers', value: '0', expected: 'a whole number from 1 to 256' },
        { where: '--allow-target', value: [''], expected: 'hosts such as *.test.example.com or 10.0.0.7:3000' },
        { where: '--fabric', expected: 'the address of the Redis to work for' },
      ],
    }) as Error,
  )
})
