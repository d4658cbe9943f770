import { readFileSync } from 'node:fs'

/** A published statement: what it tries, or what it is an example of, and its text. */
export interface Entry {
  readonly group: string
  readonly sql: string
}

/** Statements that must never pass the gate. */
export const bypasses: readonly Entry[] = read('bypasses')
/** Statements that must always pass it. */
export const legitimate: readonly Entry[] = read('legitimate')

function read(name: string): readonly Entry[] {
  return JSON.parse(readFileSync(new URL(`../../corpus/${name}.json`, import.meta.url), 'utf8')) as Entry[]
}
