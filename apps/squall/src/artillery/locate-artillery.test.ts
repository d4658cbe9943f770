import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { locateArtillery } from './locate-artillery.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'squall-locate-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('an Artillery beside the pack comes before any other', () => {
  const own = folder()
  const installed = join(own, 'node_modules/artillery')
  mkdirSync(join(installed, 'bin'), { recursive: true })
  writeFileSync(join(installed, 'package.json'), '{ "name": "artillery" }')
  expect(locateArtillery(join(own, 'pack.yml'))).toBe(join(installed, 'bin/run'))
})

test("without one, that of Squall's own surroundings is taken", () => {
  expect(existsSync(locateArtillery(join(folder(), 'pack.yml')))).toBe(true)
})

test('where there is none at all, it is said how to get it', () => {
  expect(() => locateArtillery(join(folder(), 'pack.yml'), [folder()])).toThrow(
    expect.objectContaining({
      code: 'SQUALL_NO_ARTILLERY',
      exitCode: 9,
      hint: expect.stringContaining('npm install artillery') as string,
    }) as Error,
  )
})
