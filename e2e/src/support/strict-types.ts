import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '@squall/testing'
import { root } from './programs.ts'

/** What somebody else's program will read, and the type that its makers publish for it. */
export interface TypedValue {
  readonly name: string
  readonly module: string
  readonly type: string
  readonly value: unknown
}

/**
 * Lets the compiler look at values as if they had been written by hand, where it also finds fields that the type does not know.
 * @returns the names of the values with errors, and the first error of each.
 */
export function typeErrors(values: readonly TypedValue[]): ReadonlyMap<string, string> {
  mkdirSync(`${root}e2e/dist`, { recursive: true })
  // Inside the workspace, so that the types are found.
  const directory = mkdtempSync(`${root}e2e/dist/types-`)
  try {
    const file = join(directory, 'values.ts')
    writeFileSync(file, values.map(toLine).join('\n'))
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--types', '', '--module', 'nodenext', '--target', 'es2024']
    const { stdout } = spawnSync(`${root}node_modules/.bin/tsc`, ['--ignoreConfig', '--pretty', 'false', ...options, file], {
      encoding: 'utf8',
    })
    return readErrors(stdout, values)
  } finally {
    removeDirectory(directory)
  }
}

const toLine = ({ module, type, value }: TypedValue, index: number): string =>
  `export const value${index}: import('${module}').${type} = ${JSON.stringify(value)}`

function readErrors(output: string, values: readonly TypedValue[]): ReadonlyMap<string, string> {
  const found = Array.from(output.matchAll(/^(?:.*\((\d+),\d+\): )?error (TS\d+: .*)$/gm), ([, line, text = '']) => {
    const value = values[Number(line) - 1]
    if (value === undefined) throw new Error(`the compiler cannot look at the values: ${text}`)
    return [value.name, text] as const
  })
  return new Map(found.toReversed())
}
