import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { readConfigFile } from './config-file.ts'

function directoryWith(text: string): string {
  const directory = temporaryDirectory(onTestFinished)
  writeFileSync(join(directory, 'squall.config.json'), text)
  return directory
}

test('the nearest file above the working directory counts', () => {
  const directory = directoryWith('{ "run": { "clients": 5 } }')
  const inner = join(directory, 'a', 'b')
  mkdirSync(inner, { recursive: true })
  expect(readConfigFile(inner)).toEqual({
    path: join(directory, 'squall.config.json'),
    section: 'run',
    settings: { clients: 5 },
  })
  expect(readConfigFile(directoryWith('{}'))?.settings).toEqual({})
})

test('no file is fine', () => {
  expect(readConfigFile('/')).toBeUndefined()
})

test.each([
  ['{', [{ expected: 'a JSON file that can be read' }]],
  ['[]', [{ value: [], expected: 'a JSON object such as { "run": { "clients": 100 } }' }]],
  ['{ "run": 5 }', [{ value: 5, expected: 'a JSON object with settings of squall run' }]],
  [
    '{ "runn": {}, "run": { "cleints": 5 } }',
    [
      { expected: 'one of the keys run, init, capacity, compare, baseline, agent, serve' },
      { expected: expect.stringMatching(/^one of the keys target, .*clients/) as string },
    ],
  ],
])('%s is refused with every problem', (text, problems) => {
  expect(() => readConfigFile(directoryWith(text))).toThrow(
    expect.objectContaining({
      code: 'SQUALL_BAD_OPTIONS',
      exitCode: 2,
      problems: problems.map((problem) => expect.objectContaining(problem) as object),
    }) as Error,
  )
})
