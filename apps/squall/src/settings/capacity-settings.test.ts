import { expect, test } from 'vitest'
import { toCapacitySettings } from './capacity-settings.ts'
import { gatherSettings } from './gather-settings.ts'
import { capacityOptions } from './run-options.ts'

const read = (options: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) =>
  toCapacitySettings(gatherSettings({ table: capacityOptions, options, environment, file: undefined }))

test('defaults suit a first search', () => {
  expect(read({ slo: 'p95<500ms' })).toMatchObject({
    slo: { text: 'p95<500ms' },
    maxClients: 10_000,
    maxRate: 10_000,
    headroom: 0.3,
    settleSeconds: 5,
    steadySeconds: 15,
    confirmSeconds: 30,
    resolution: 0.05,
    problems: [],
  })
})

test('every setting is taken, wherever it is written', () => {
  const options = {
    slo: 'p95<500ms',
    maxClients: '50',
    forClients: '100',
    headroom: '0.5',
    settle: '2s',
    steady: '1500ms',
    confirm: '1m',
    target: 'http://h/mcp',
  }
  const environment = {
    SQUALL_METRICS_URL: 'http://h:9090/metrics',
    SQUALL_CREDITS_PER_HOUR: '2',
    SQUALL_MAX_RATE: '7.5',
    SQUALL_RESOLUTION: '0.1',
  }
  expect(read(options, environment)).toMatchObject({
    maxClients: 50,
    maxRate: 7.5,
    forClients: 100,
    headroom: 0.5,
    settleSeconds: 2,
    steadySeconds: 2,
    confirmSeconds: 60,
    resolution: 0.1,
    metricsUrl: 'http://h:9090/metrics',
    creditsPerHour: 2,
    overrides: { target: { where: '--target', value: 'http://h/mcp' } },
    problems: [],
  })
})

test('all that is wrong is kept, with its place', () => {
  const { problems, slo } = read(
    { slo: 'p95<fast', maxClients: '0', headroom: '-1', settle: '0s', resolution: '2', metricsUrl: 'ftp://h', steady: 'long' },
    { SQUALL_WORKERS: 'many' },
  )
  expect(slo).toBeUndefined()
  expect(problems.map(({ where }) => where).toSorted()).toEqual(
    [
      '--headroom',
      '--max-clients',
      '--metrics-url',
      '--resolution',
      '--settle',
      '--slo',
      '--steady',
      'SQUALL_WORKERS',
    ].toSorted(),
  )
})

test('an SLO must be given', () => {
  expect(read({}).problems).toEqual([{ where: '--slo', expected: "what the server must keep to, such as 'p95<500ms,failed<1%'" }])
})
