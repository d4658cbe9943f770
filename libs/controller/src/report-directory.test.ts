import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { checkReportDirectory, openReportDirectory } from './report-directory.ts'

test('a directory is made, with room kept until the report is written', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'a', 'b')
  const directory = await openReportDirectory(path)
  expect(directory.path).toBe(path)
  expect(readdirSync(path)).toHaveLength(1)
  await directory.release()
  expect(readdirSync(path)).toEqual([])
})

test('a run that never began leaves no directory behind', async () => {
  const root = temporaryDirectory(onTestFinished)
  await (await openReportDirectory(join(root, 'a', 'b'))).discard()
  expect(readdirSync(root)).toEqual([])
})

test('a directory that was there stays, with what is in it', async () => {
  const root = temporaryDirectory(onTestFinished)
  writeFileSync(join(root, 'summary.json'), '{}')
  await (await openReportDirectory(root)).discard()
  expect(readdirSync(root)).toEqual(['summary.json'])
})

test('a place that cannot be written to is refused before any load', async () => {
  const file = join(temporaryDirectory(onTestFinished), 'file')
  writeFileSync(file, '')
  await expect(openReportDirectory(join(file, 'report'))).rejects.toMatchObject({
    code: 'CONTROLLER_REPORT_DIRECTORY',
    exitCode: 9,
    message: expect.stringContaining(`cannot write the report to ${join(file, 'report')}: ENOTDIR`) as string,
  })
})

test('a full disk is found before any load, and nothing is left on it', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'report')
  await expect(openReportDirectory(path, 2 ** 52)).rejects.toMatchObject({
    exitCode: 9,
    message: expect.stringMatching(/no space: [\d.]+ MiB free, 4294967296\.0 MiB needed$/) as string,
  })
  expect(existsSync(path)).toBe(false)
})

test('a directory can be tried without leaving a trace', async () => {
  const root = temporaryDirectory(onTestFinished)
  await checkReportDirectory(join(root, 'a', 'b'))
  expect(readdirSync(root)).toEqual([])
  writeFileSync(join(root, 'file'), '')
  await expect(checkReportDirectory(join(root, 'file', 'b'))).rejects.toMatchObject({ exitCode: 9 })
})
