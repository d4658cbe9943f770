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

/** The ids at the ends of test titles: `test('… [S1]', …`. A test that fails or is skipped fails the build by itself. */
function citations(): Set<string> {
  const files = globSync(['{libs,apps}/*/src/**/*.test.ts', 'e2e/src/**/*.test.ts', 'tools/**/*.test.ts'], { cwd: root })
  const titles = files.flatMap((file) => [
    ...readFileSync(`${root}${file}`, 'utf8').matchAll(/^\s*test(?:\.each\([^)]*\))?\((['"`])(.*?)\1,/gm),
  ])
  return new Set(titles.flatMap(([, , title = '']) => [...title.matchAll(/\[([A-Z]\d{1,2})\]/g)].map(([, id = '']) => id)))
}
