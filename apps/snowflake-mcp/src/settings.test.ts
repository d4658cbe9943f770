// Every setting is given wrongly once, from each of its sources, and told by name, value and what was expected.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import { renderConfiguration } from './print-configuration.ts'
import { readSettings, type ReadSettings } from './read-settings.ts'
import type { Setting } from './setting.ts'
import { settings } from './settings.ts'
import { runToEnd } from './test/run-server.ts'

const directory = temporaryDirectory(afterAll)

function configFile(values: Readonly<Record<string, unknown>>): string {
  const sections: Record<string, Record<string, unknown>> = {}
  for (const [key, value] of Object.entries(values)) {
    const [section = '', name = ''] = key.split('.')
    sections[section] = { ...sections[section], [name]: value }
  }
  const path = join(directory, `${Object.keys(values).length}-${Object.keys(values)[0]}.json`)
  writeFileSync(path, JSON.stringify(sections))
  return path
}

interface Sources {
  readonly argv?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

function read({ argv = [], environment = {} }: Sources): ReadSettings {
  const invocation = parseCommandLine(argv)
  if (invocation.kind === 'help') throw new Error('asked for help')
  return readSettings({ ...invocation, environment })
}

/** Wrong for this kind of setting; undefined where any text is right. */
function wrongText({ kind }: Setting<unknown>): string | undefined {
  return ['nonsense value', '-1', '1e99', '2'].find((text) => kind.read(text) === undefined)
}

const all = Object.values<Setting<unknown>>(settings)
const withWrongText = all.flatMap((setting) => {
  const wrong = wrongText(setting)
  return wrong === undefined ? [] : [[setting.key, wrong, setting] as const]
})
const withOption = withWrongText.flatMap(([key, wrong, setting]) =>
  setting.option === undefined || setting.kind.placeholder === undefined ? [] : [[setting.option, wrong, setting, key] as const],
)

test.each(withOption)('%s %j', (option, wrong, { kind, example }) => {
  const { problems } = read({ argv: [option, wrong] })
  expect(problems).toContainEqual({ where: option, value: wrong, expected: kind.expected, hint: `for example ${example}` })
})

test.each(withWrongText)('%s: %j as a variable', (_key, wrong, { variable, kind, example }) => {
  const { problems } = read({ environment: { [variable]: wrong } })
  expect(problems).toContainEqual({ where: variable, value: wrong, expected: kind.expected, hint: `for example ${example}` })
})

// A number in a list is wrong for every kind.
test.each(all.map((setting) => [setting.key, setting] as const))('%s: [-1] in the file', (key, { kind, isSecret, example }) => {
  const { problems } = read({ argv: ['--config', configFile({ [key]: [-1] })] })
  const where = `${key} in the configuration file`
  expect(problems).toContainEqual(
    isSecret === true
      ? { where, expected: kind.expected }
      : { where, value: [-1], expected: kind.expected, hint: `for example ${example}` },
  )
})

test.each(all.map((setting) => [setting.key, setting] as const))('the example of %s is right', (_key, { kind, example }) => {
  expect(kind.read(example)).toBeDefined()
})

test('the real program names every one of them at once, with exit code 2', async () => {
  const environment = Object.fromEntries(withWrongText.map(([, wrong, { variable }]) => [variable, wrong]))
  const inFile = all.filter((setting) => wrongText(setting) === undefined).map(({ key }) => key)
  const { code, stdout, stderr } = await runToEnd(
    ['--config', configFile(Object.fromEntries(inFile.map((key) => [key, [-1]])))],
    environment,
  )
  expect([code, stdout]).toEqual([2, ''])
  for (const [, wrong, { variable, kind }] of withWrongText)
    expect(stderr).toContain(`  ${variable}: found ${JSON.stringify(wrong)}, expected ${kind.expected}`)
  for (const key of inFile) expect(stderr).toContain(`  ${key} in the configuration file: `)
  expect(stderr.split('\n').filter((line) => line.startsWith('  ')).length).toBeGreaterThanOrEqual(all.length)
})

test('a password in an address is not repeated', () => {
  const { problems } = read({ environment: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'ftp://me:hunter2@host/x' } })
  expect(problems).toMatchObject([{ value: 'ftp://…@host/x' }])
})

test('--print-config tells every setting with its source and no secret, and --help knows of it', async () => {
  const env = {
    SNOWFLAKE_ACCOUNT: 'acc',
    SNOWFLAKE_USER: 'U',
    SNOWFLAKE_PASSWORD: 'hunter2',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://me:hunter2@host/',
  }
  const { code, stdout, stderr } = await runToEnd(['--print-config', '--port', '8080'], env)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('server.port = 8080   (--port)\n')
  expect(stdout).toContain('server.host = "127.0.0.1"   (default)\n')
  expect(stdout).toContain('snowflake.password = (set, not shown)   (SNOWFLAKE_PASSWORD)\n')
  expect(stdout).toContain('snowflake.token = (not set)   (default)\n')
  expect(stdout).toContain('observe.traceEndpoint = "http://…@host/"   (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)\n')
  expect(stdout).not.toContain('hunter2')
  expect(stdout.trimEnd().split('\n')).toHaveLength(all.length)
  expect(renderConfiguration(read({})).split('(default)')).toHaveLength(all.length + 1)
  const help = parseCommandLine(['--help'])
  expect(help.kind === 'help' && help.text).toContain('--print-config')
})

test('--print-config refuses what cannot be served', async () => {
  const { code, stdout, stderr } = await runToEnd(['--print-config', '--port', 'x'])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('--port: found "x"')
})
