import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openPackShelf } from './pack-shelf.ts'

function shelfWith(...files: readonly string[]) {
  const directory = temporaryDirectory(onTestFinished)
  const put = (file: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), '')
  }
  for (const file of files) put(file)
  return { directory, put, shelf: openPackShelf(directory) }
}

test('packs are files and folders by their names; what is none, and what lies elsewhere, is not found', () => {
  const { directory, put, shelf } = shelfWith('light.yml', 'heavy/pack.yaml', 'old.json', 'data.csv', 'empty/readme.md')
  expect(shelf.names()).toEqual(['heavy', 'light', 'old'])
  expect(shelf.find('heavy')).toBe(join(directory, 'heavy/pack.yaml'))
  for (const name of ['../light', 'light.yml', 'data', 'empty', '', '.', '__proto__'])
    expect(shelf.find(name), name).toBeUndefined()
  put('late.yml')
  expect(shelf.find('late')).toBe(join(directory, 'late.yml'))
})

test('of a volume as Kubernetes lays it out, each pack is there once', () => {
  const { directory, shelf } = shelfWith('..2026_01_01/pack.yml')
  symlinkSync('..2026_01_01', join(directory, '..data'))
  symlinkSync('..data/pack.yml', join(directory, 'pack.yml'))
  expect(shelf.names()).toEqual(['pack'])
})
