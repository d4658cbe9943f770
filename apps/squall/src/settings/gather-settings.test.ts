import { expect, test } from 'vitest'
import { gatherSettings } from './gather-settings.ts'
import { flagOf, initOptions, runOptions } from './run-options.ts'

const table = runOptions
const file = { path: 'squall.config.json', section: 'run', settings: { clients: 3, duration: '3s', quiet: true } } as const

test('options beat environment variables, which beat the configuration file', () => {
  const settings = gatherSettings({
    table,
    options: { clients: '1' },
    environment: { SQUALL_CLIENTS: '2', SQUALL_DURATION: '2s' },
    file,
  })
  expect(settings).toEqual({
    clients: { where: '--clients', value: '1' },
    duration: { where: 'SQUALL_DURATION', value: '2s' },
    quiet: { where: 'squall.config.json run.quiet', value: true },
  })
})

test('what nobody says is absent, and an empty variable says nothing', () => {
  expect(gatherSettings({ table, options: {}, environment: { SQUALL_CLIENTS: '' }, file: undefined })).toEqual({})
})

test('a variable may hold a list or a switch', () => {
  const environment = { SQUALL_THRESHOLD: 'p95<1s, failed<1%', SQUALL_JSON: 'yes', SQUALL_QUIET: '0' }
  expect(gatherSettings({ table, options: {}, environment, file: undefined })).toMatchObject({
    thresholds: { value: ['p95<1s', 'failed<1%'] },
    json: { value: true },
    quiet: { value: false },
  })
  expect(gatherSettings({ table, options: {}, environment: { SQUALL_JSON: 'perhaps' }, file: undefined })).toMatchObject({
    json: { value: 'perhaps' },
  })
})

test.each([
  ['run', runOptions],
  ['init', initOptions],
])('every option of squall %s has a flag, a variable and a key of its own', (_, options) => {
  for (const names of [options.map(({ key }) => key), options.map(flagOf), options.map(({ environment }) => environment)])
    expect(new Set(names).size).toBe(options.length)
})

test('a variable is named after its flag', () => {
  const spawnRate = runOptions.find(({ key }) => key === 'spawnRate')
  expect(spawnRate).toMatchObject({ environment: 'SQUALL_SPAWN_RATE' })
})
