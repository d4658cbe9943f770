import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { removeDirectory, temporaryDirectory } from './index.ts'

const ofATest: string[] = []
const ofAGroup: string[] = []

test('a directory for a test is its own, empty, and below that of the system', ({ onTestFinished }) => {
  ofATest.push(temporaryDirectory(onTestFinished), temporaryDirectory(onTestFinished))
  expect(new Set(ofATest).size).toBe(2)
  expect(ofATest.flatMap((path) => readdirSync(path))).toEqual([])
  expect(ofATest.map((path) => dirname(path))).toEqual([tmpdir(), tmpdir()])
  writeFileSync(join(ofATest[0] ?? '', 'left'), '')
})

test('it is gone after the test', () => {
  expect(ofATest).toHaveLength(2)
  expect(ofATest.filter((path) => existsSync(path))).toEqual([])
})

describe('around several tests', () => {
  const directory = temporaryDirectory(afterAll)
  ofAGroup.push(directory)
  test.each(['first', 'last'])('one directory is there in the %s', (name) => {
    writeFileSync(join(directory, name), '')
    expect(readdirSync(directory)).toContain('first')
  })
})

test('it is gone after the last of them', () => {
  expect(ofAGroup).toHaveLength(1)
  expect(ofAGroup.filter((path) => existsSync(path))).toEqual([])
})

test('a directory in which files are just being made is removed with all of them', async () => {
  for (let round = 0; round < 100; round += 1) {
    const directory = mkdtempSync(join(tmpdir(), 'squall-race-'))
    // Node's thread pool makes them while the removal holds up the program itself.
    const files = Array.from({ length: 16 }, (_, index) => writeFile(join(directory, `${index}`), ''))
    removeDirectory(directory)
    await Promise.allSettled(files)
    expect(existsSync(directory)).toBe(false)
  }
})

test('what is gone already needs no removal', () => {
  const directory = mkdtempSync(join(tmpdir(), 'squall-gone-'))
  removeDirectory(directory)
  expect(() => removeDirectory(directory)).not.toThrow()
})
