import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { requirements } from './requirements.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('every proven requirement is cited by a test, and every citation is of a proven requirement', () => {
  const proven = requirements.filter(({ status }) => status === 'proven').map(({ id }) => id)
  expect([...citations()].toSorted()).toEqual(proven.toSorted())
})

test('no requirement is listed twice', () => {
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length)
})

const titlePattern = /^\s*test(?:\.each\([^)]*\))?\((['"`])(.*?)\1,/gm
const idPattern = /\[([A-Z]\d{1,2})\]/g

/** The ids at the ends of test titles: `test('… [S1]', …`. A test that fails or is skipped fails the build by itself. */
function citations(): Set<string> {
  const files = globSync(['{libs,apps}/*/src/**/*.test.ts', 'e2e/src/**/*.test.ts', 'tools/**/*.test.ts'], { cwd: root })
  const sources = files.map((file) => readFileSync(`${root}${file}`, 'utf8'))
  const titles = sources.flatMap((source) => Array.from(source.matchAll(titlePattern), ([, , title = '']) => title))
  return new Set(titles.flatMap((title) => Array.from(title.matchAll(idPattern), ([, id = '']) => id)))
}
