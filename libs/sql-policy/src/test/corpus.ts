import { readFileSync } from 'node:fs'

/** A published statement: what it is an example of, and its text. */
export interface Entry {
  readonly group: string
  readonly sql: string
}

/** A published attempt to get past the gate, and what it would achieve. */
export interface Attempt extends Entry {
  readonly why: string
}

// The published files hold these shapes; the first test of each corpus says how many entries.
/** Statements that must never pass the gate. */
export const bypasses = read('bypasses') as readonly Attempt[]
/** Statements that must always pass it. */
export const legitimate = read('legitimate') as readonly Entry[]
/** Statements that must not pass where only certain objects are allowed, and some that must. */
export const beyondTheAllowlist = read('beyond-the-allowlist') as readonly Attempt[]
export const withinTheAllowlist = read('within-the-allowlist') as readonly Entry[]

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../corpus/${name}.json`, import.meta.url), 'utf8'))
}
