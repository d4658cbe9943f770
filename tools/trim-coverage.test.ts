import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { trimCoverage } from './trim-coverage.ts'

test('only what ran of our own sources is kept, and half a file counts as none', () => {
  const directory = mkdtempSync(join(tmpdir(), 'squall-trim-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const urls = [
    'node:fs',
    'file:///w/node_modules/x/index.js',
    'file:///w/libs/time/src/clock.ts',
    'file:///w.x/libs/time/src/clock.ts',
  ]
  writeFileSync(
    join(directory, 'whole.json'),
    JSON.stringify({ result: urls.map((url) => ({ url, functions: [] })), timestamp: 1 }),
  )
  writeFileSync(join(directory, 'half.json'), '{ "result": [')
  expect(trimCoverage(directory, '/w')).toBe(2)
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'))
  expect(read('whole.json')).toEqual({ result: [{ url: 'file:///w/libs/time/src/clock.ts', functions: [] }] })
  expect(read('half.json')).toEqual({ result: [] })
})
