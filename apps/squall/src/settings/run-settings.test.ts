import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { toRunSettings } from './run-settings.ts'

const setting = (where: string, value: unknown) => ({ where, value })

test('what is not said has its default', () => {
  expect(toRunSettings({})).toEqual({
    environment: undefined,
    overrides: {},
    runner: 'native',
    workers: Math.max(1, availableParallelism() - 1),
    reportDirectory: undefined,
    exports: [],
    isQuiet: false,
    isJson: false,
    debug: undefined,
    problems: [],
  })
})

test('settings of the run are read, those of the pack are passed on', () => {
  const settings = {
    env: setting('--env', 'staging'),
    workers: setting('SQUALL_WORKERS', '3'),
    runner: setting('--runner', 'artillery'),
    report: setting('--report', 'out'),
    exports: setting('--export', ['csv=n.csv']),
    quiet: setting('--quiet', true),
    json: setting('--json', true),
    debug: setting('--debug', true),
    iterations: setting('--iterations', '3'),
    scenario: setting('--scenario', 'one'),
    clients: setting('--clients', '-3'),
    thresholds: setting('--threshold', ['p95<1s']),
  }
  expect(toRunSettings(settings)).toEqual({
    environment: 'staging',
    overrides: { clients: settings.clients, thresholds: settings.thresholds },
    runner: 'artillery',
    workers: 3,
    reportDirectory: 'out',
    exports: [expect.objectContaining({ name: 'csv=n.csv' })],
    isQuiet: true,
    isJson: true,
    debug: { iterations: 3, scenario: 'one' },
    problems: [],
  })
})

test('all wrong settings are told at once, by the names the user wrote', () => {
  const settings = {
    workers: setting('--workers', '0'),
    report: setting('--report', ''),
    quiet: setting('SQUALL_QUIET', 'perhaps'),
    exports: setting('--export', ['cvs=x']),
  }
  expect(toRunSettings(settings).problems).toEqual([
    { where: '--workers', value: '0', expected: 'a whole number from 1 to 256' },
    { where: '--report', value: '', expected: 'text that is not empty' },
    expect.objectContaining({ where: '--export', value: 'cvs=x', hint: 'did you mean csv?' }),
    { where: 'SQUALL_QUIET', value: 'perhaps', expected: 'true or false' },
  ])
})

test.each(['1.5', 'many', '257', '', null])('%j is no number of workers', (value) => {
  expect(toRunSettings({ workers: setting('--workers', value) }).problems).toHaveLength(1)
})

test('settings of --debug say nothing without it', () => {
  expect(toRunSettings({ iterations: setting('--iterations', '3') }).problems).toEqual([
    { where: '--iterations', value: '3', expected: '--debug beside it' },
  ])
})
