import { expect, test } from 'vitest'
import { splitCommandLine } from './command-line.ts'

test.each([
  ['node server.js stdio', ['node', 'server.js', 'stdio']],
  [`  "/opt/my server/run" --name='a b' x`, ['/opt/my server/run', '--name=a b', 'x']],
  [`echo "" ''`, ['echo', '', '']],
  ['$HOME *', ['$HOME', '*']],
  ['  ', []],
])('%s', (line, words) => {
  expect(splitCommandLine(line)).toEqual(words)
})
