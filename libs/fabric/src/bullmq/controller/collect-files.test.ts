import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { collectFiles } from './collect-files.ts'

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(temporaryDirectory(onTestFinished))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('a plan without a processor takes no files along', () => {
  expect(collectFiles({}).files).toEqual([])
})

test('a processor travels with what it imports by relative paths, round in circles too, and its manifest', () => {
  const folder = folderWith({
    'pack/processor.ts': `import { a } from '../shared/a.ts'\nconst b = require("./b.json")\nimport fs from 'node:fs'\n// import './gone.ts'`,
    'pack/b.json': '{}',
    'pack/package.json': '{"type":"module"}',
    'shared/a.ts': `export * from '../pack/processor.ts'`,
    'pack/other.ts': 'not needed',
  })
  const { files, processor, contents } = collectFiles({ processor: join(folder, 'pack/processor.ts') })
  expect(processor).toBe('pack/processor.ts')
  expect(files.map(({ path }) => path).toSorted()).toEqual([
    'pack/b.json',
    'pack/package.json',
    'pack/processor.ts',
    'shared/a.ts',
  ])
  expect(contents.get(files.find(({ path }) => path === 'pack/b.json')?.sha256 ?? '')?.toString()).toBe('{}')
})
