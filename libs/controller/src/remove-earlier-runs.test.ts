import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { removeEarlierRuns } from './remove-earlier-runs.ts'

test('earlier runs are taken away, and nothing that somebody else put there', async () => {
  const directory = temporaryDirectory(onTestFinished)
  for (const name of ['01-base', '02-candidate', 'notes']) mkdirSync(join(directory, name, 'deep'), { recursive: true })
  writeFileSync(join(directory, '03-base'), 'a file')
  await removeEarlierRuns(directory, /^\d+-(?:base|candidate)$/)
  expect(readdirSync(directory).toSorted()).toEqual(['03-base', 'notes'])
})

test('what is not there needs no clearing; what cannot be cleared is told', async () => {
  const directory = temporaryDirectory(onTestFinished)
  await removeEarlierRuns(join(directory, 'none'), /x/)
  writeFileSync(join(directory, 'file'), '')
  await expect(removeEarlierRuns(join(directory, 'file'), /x/)).rejects.toMatchObject({ code: 'CONTROLLER_REPORT_DIRECTORY' })
})
