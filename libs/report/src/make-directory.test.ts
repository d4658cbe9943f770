import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { makeDirectory } from './make-directory.ts'

test('a directory is made with those around it, and the outermost new one is told', async () => {
  const root = temporaryDirectory(onTestFinished)
  expect(await makeDirectory(join(root, 'a', 'b', 'c'))).toBe(join(root, 'a'))
  expect(existsSync(join(root, 'a', 'b', 'c'))).toBe(true)
  expect(await makeDirectory(join(root, 'a', 'b', 'c'))).toBeUndefined()
  expect(await makeDirectory(join(root, 'a', 'b', 'd'))).toBe(join(root, 'a', 'b', 'd'))
})

test('several that make the same directory at once all succeed', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'a', 'b')
  await Promise.all(Array.from({ length: 8 }, () => makeDirectory(path)))
  expect(existsSync(path)).toBe(true)
})

test('a file in the way, and a file system that takes no directories, are refused at once', async () => {
  const root = temporaryDirectory(onTestFinished)
  writeFileSync(join(root, 'file'), '')
  await expect(makeDirectory(join(root, 'file', 'a'))).rejects.toThrow('ENOTDIR')
  await expect(makeDirectory(join(root, 'file'))).rejects.toThrow('ENOTDIR')
  await expect(makeDirectory('/proc/squall/report')).rejects.toThrow(/ENOENT|EACCES|EPERM/)
})
