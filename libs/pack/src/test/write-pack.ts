import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CodedError } from '@squall/errors'
import { temporaryDirectory } from '@squall/testing'
import { onTestFinished } from 'vitest'
import { loadPack, type LoadedPack, type PackRequest } from '../index.ts'

/** Writes a folder `trial` with a pack and its files that is gone after the test. @returns the pack's path. */
export function writePack(text: string, files: Readonly<Record<string, string>> = {}, name = 'pack.yml'): string {
  const root = temporaryDirectory(onTestFinished)
  const folder = join(root, 'trial')
  for (const [path, content] of Object.entries({ ...files, [name]: text })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return join(folder, name)
}

export type Trial = Omit<PackRequest, 'path' | 'processEnvironment'> & {
  readonly files?: Readonly<Record<string, string>>
  readonly processEnvironment?: PackRequest['processEnvironment']
}

export function load(text: string, { files, ...request }: Trial = {}): LoadedPack {
  return loadPack({ processEnvironment: {}, ...request, path: writePack(text, files) })
}

/** Every problem of a pack as a user reads it: `12:5 config.squall.clients: found -3, expected … (hint)`. */
export function problemsOf(text: string, trial: Trial = {}): string[] {
  try {
    load(text, trial)
  } catch (error) {
    if (error instanceof CodedError) return error.problems.map(toLine)
    throw error
  }
  return []
}

function toLine({ where, value, expected, hint }: CodedError['problems'][number]): string {
  const place = where.replace(/^.*\/trial\/pack\.yml:/, '')
  const found = value === undefined ? '' : `found ${JSON.stringify(value)}, `
  return `${place}: ${found}expected ${expected}${hint === undefined ? '' : ` (${hint})`}`
}

/** A closed pack that is right, for tests that change one thing. */
export const rightPack = `config:
  target: http://127.0.0.1:3000/mcp
  engines: { mcp: {} }
  squall:
    clients: 20
    spawnRate: 5
    duration: 60s
scenarios:
  - engine: mcp
    flow:
      - callTool: { name: echo }
`

/** The right pack with a line replaced. */
export function changed(from: string, to: string): string {
  if (!rightPack.includes(from)) throw new Error(`the right pack has no ${from}`)
  return rightPack.replace(from, to)
}
