import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exitCodes } from '../libs/errors/src/exit-codes.ts'

/** Codes of commands that are still to come. */
const reserved: ReadonlySet<number> = new Set([exitCodes.steadyStateNotMet])

test('the README lists every exit code that a command can end with, each once [L9]', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const listed = Array.from(readme.matchAll(/^\| (\d+) +\| \S.+ \|$/gm), ([, code]) => Number(code))
  expect(listed).toEqual(Object.values(exitCodes).filter((code) => !reserved.has(code)))
})
