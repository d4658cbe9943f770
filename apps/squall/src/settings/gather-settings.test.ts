import { expect, test } from 'vitest'
import { gatherSettings } from './gather-settings.ts'
import { flagOf, runOptions } from './run-options.ts'

const file = { path: 'squall.config.json', run: { clients: 3, duration: '3s', quiet: true } }

test('options beat environment variables, which beat the configuration file', () => {
  const settings = gatherSettings({
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
  expect(gatherSettings({ options: {}, environment: { SQUALL_CLIENTS: '' }, file: undefined })).toEqual({})
})

test('a variable may hold a list or a switch', () => {
  const environment = { SQUALL_THRESHOLD: 'p95<1s, failed<1%', SQUALL_JSON: 'yes', SQUALL_QUIET: '0' }
  expect(gatherSettings({ options: {}, environment, file: undefined })).toMatchObject({
    thresholds: { value: ['p95<1s', 'failed<1%'] },
    json: { value: true },
    quiet: { value: false },
  })
  expect(gatherSettings({ options: {}, environment: { SQUALL_JSON: 'perhaps' }, file: undefined })).toMatchObject({
    json: { value: 'perhaps' },
  })
})

test('every option has a flag, a variable and a key of its own', () => {
  const spawnRate = runOptions.find(({ key }) => key === 'spawnRate')
  expect(spawnRate).toMatchObject({ environment: 'SQUALL_SPAWN_RATE' })
  for (const names of [
    runOptions.map(({ key }) => key),
    runOptions.map(flagOf),
    runOptions.map(({ environment }) => environment),
  ])
    expect(new Set(names).size).toBe(runOptions.length)
})
