import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { sampleRun } from './test/sample-run.ts'
import { toSummary, writeReport } from './index.ts'

const summary = toSummary(sampleRun({ seconds: 2 }))
let directory: string

beforeEach(() => {
  directory = temporaryDirectory(onTestFinished)
})

const files = ['junit.xml', 'report.html', 'report.md', 'summary.json']

async function refusalOf(target: string): Promise<CodedError> {
  const error = await writeReport(target, summary).catch((error: unknown) => error)
  if (!(error instanceof CodedError)) throw new Error('the report was not refused', { cause: error })
  return error
}

test('four whole files are written into a directory that did not exist, and nothing else [L11]', async () => {
  const target = join(directory, 'deep', 'er')
  const written = await writeReport(target, summary)
  expect((await readdir(target)).toSorted()).toEqual(files)
  expect(new Set<string>(Object.values(written))).toEqual(new Set(files.map((name) => join(target, name))))
  expect(JSON.parse(await readFile(written.summary, 'utf8'))).toEqual(summary)
  expect(await readFile(written.html, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\s*$/i)
})

test('a report is replaced by a newer one', async () => {
  await writeReport(directory, summary)
  const newer = toSummary(sampleRun({ seconds: 3 }))
  const { summary: path } = await writeReport(directory, newer)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(newer)
  expect((await readdir(directory)).toSorted()).toEqual(files)
})

test('a full disk is named, with the file, the reason and how to mend it, and leaves no half file', async () => {
  await symlink('/dev/full', join(directory, `summary.json.${process.pid}.tmp`))
  const error = await refusalOf(directory)
  expect(error).toMatchObject({ code: 'REPORT_NOT_WRITABLE', exitCode: 9 })
  expect(error.message).toContain(`cannot write ${join(directory, 'summary.json')}: ENOSPC`)
  expect(error.hint).toContain('--report DIR')
  expect(await readdir(directory)).toEqual([])
})

test('a disk that fills up later leaves the numbers whole', async () => {
  await symlink('/dev/full', join(directory, `report.html.${process.pid}.tmp`))
  expect((await refusalOf(directory)).message).toContain('report.html: ENOSPC')
  expect(await readdir(directory)).toEqual(['summary.json'])
})

test('a file where the directory should be is named', async () => {
  const path = join(directory, 'file')
  await writeFile(path, '')
  expect((await refusalOf(join(path, 'report'))).message).toMatch(/cannot write .*file\/report: ENOTDIR/)
})

test('a directory where a file should be is named, and no draft is left', async () => {
  await mkdir(join(directory, 'report.md', 'inside'), { recursive: true })
  expect((await refusalOf(directory)).message).toContain(`cannot write ${join(directory, 'report.md')}: `)
  expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('a process that ends in the midst of its report leaves no draft', async () => {
  const program = fileURLToPath(new URL('test/leave-mid-report.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@squall/source', program, directory], { stdio: 'ignore' })
  expect(await once(child, 'exit')).toEqual([130, null])
  expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([])
})
