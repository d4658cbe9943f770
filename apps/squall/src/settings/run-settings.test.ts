import { expect, onTestFinished, test, vi } from 'vitest'
import { toRunSettings } from './run-settings.ts'

const setting = (where: string, value: unknown) => ({ where, value })

test('what is not said has its default', () => {
  expect(toRunSettings({})).toEqual({
    environment: undefined,
    overrides: {},
    runner: 'native',
    workers: undefined,
    fabric: undefined,
    allowLossRatio: 0,
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
    fabric: undefined,
    allowLossRatio: 0,
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
    { where: 'SQUALL_QUIET', value: 'perhaps', expected: 'true or false' },
    expect.objectContaining({ where: '--export', value: 'cvs=x', hint: 'did you mean csv?' }),
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

test('a run over many machines is read, with the secret of a variable alone', () => {
  vi.stubEnv('SQUALL_FABRIC_SECRET', 'open sesame')
  onTestFinished(() => void vi.unstubAllEnvs())
  const settings = {
    fabric: setting('--fabric', 'redis://10.0.0.1:6379'),
    agents: setting('--agents', '3'),
    lease: setting('--lease', '4s'),
    resume: setting('--resume', 'some-run'),
    allowLoss: setting('--allow-loss', '0.05'),
  }
  expect(toRunSettings(settings)).toMatchObject({
    fabric: { url: 'redis://10.0.0.1:6379', secret: 'open sesame', agents: 3, leaseMs: 4_000, resume: 'some-run' },
    allowLossRatio: 0.05,
    problems: [],
  })
})

const problems = (settings: Parameters<typeof toRunSettings>[0]) =>
  toRunSettings(settings).problems.map(({ where, expected }) => [where, expected])

test('what only many machines need, and what they cannot do, is told', () => {
  expect(
    problems({ agents: setting('--agents', '2'), lease: setting('--lease', '4s'), resume: setting('--resume', 'x') }),
  ).toEqual([
    ['--agents', '--fabric beside it'],
    ['--lease', '--fabric beside it'],
    ['--resume', '--fabric beside it'],
  ])
  expect(
    problems({
      fabric: setting('--fabric', 'redis://h'),
      agents: setting('--agents', '0'),
      lease: setting('--lease', '1s'),
      runner: setting('--runner', 'artillery'),
      allowLoss: setting('--allow-loss', '5%'),
    }),
  ).toEqual([
    ['--agents', 'a whole number of at least 1'],
    ['--lease', 'a time of at least 2s, such as 15s'],
    ['--runner', 'native where --fabric is given: stock Artillery knows no fabric'],
    ['--allow-loss', 'a number from 0 to 1'],
  ])
  expect(problems({ fabric: setting('--fabric', 'http://h') })).toEqual([
    ['--fabric', 'redis://HOST:PORT, or rediss://HOST:PORT with TLS'],
  ])
})
