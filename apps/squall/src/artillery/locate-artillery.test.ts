import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { locateArtillery } from './locate-artillery.ts'

test('an Artillery beside the pack comes before any other', () => {
  const own = temporaryDirectory(onTestFinished)
  const installed = join(own, 'node_modules/artillery')
  mkdirSync(join(installed, 'bin'), { recursive: true })
  writeFileSync(join(installed, 'package.json'), '{ "name": "artillery" }')
  expect(locateArtillery(join(own, 'pack.yml'))).toBe(join(installed, 'bin/run'))
})

test("without one, that of Squall's own surroundings is taken", () => {
  expect(existsSync(locateArtillery(join(temporaryDirectory(onTestFinished), 'pack.yml')))).toBe(true)
})

test('where there is none at all, it is said how to get it', () => {
  expect(() =>
    locateArtillery(join(temporaryDirectory(onTestFinished), 'pack.yml'), [temporaryDirectory(onTestFinished)]),
  ).toThrow(
    expect.objectContaining({
      code: 'SQUALL_NO_ARTILLERY',
      exitCode: 9,
      hint: expect.stringContaining('npm install artillery') as string,
    }) as Error,
  )
})
