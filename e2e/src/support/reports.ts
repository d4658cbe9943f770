import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { exitCodes } from '@squall/errors'
import { expect } from 'vitest'
import { root, type Ended } from './programs.ts'

/** The part of `squall/summary@1` that tests look at. */
export interface Summary {
  readonly verdict: string
  readonly run: { readonly durationSeconds: number; readonly target: string }
  readonly transports: Readonly<Record<string, unknown>>
  readonly totals: {
    readonly calls: number
    readonly ok: number
    readonly failed: number
    readonly sessionsOpened: number
    readonly droppedStarts: number
  }
  readonly tools: Readonly<Record<string, { readonly calls: number; readonly failed: number }>>
  readonly clientKinds: Readonly<Record<string, { readonly calls: number; readonly ok: number }>>
  readonly methods: Readonly<Record<string, { readonly calls: number; readonly failed: number }>>
  readonly errors: Readonly<Record<string, number>>
  readonly timeline: readonly { readonly second: number; readonly calls: number }[]
}

/** Reads a report's `summary.json`. @throws Error listing what its published schema does not allow. */
export function readSummary(directory: string): Summary {
  const summary: unknown = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'))
  const schema = JSON.parse(readFileSync(`${root}libs/report/schema/summary.schema.json`, 'utf8')) as object
  const ajv = new Ajv2020.default({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  if (!validate(summary)) throw new Error(ajv.errorsText(validate.errors))
  // The schema holds, so the parts named above are there.
  return summary as Summary
}

/**
 * A run with nothing wrong: it passed, or the machine was too busy to say more than that nothing failed. Tests share their machine, and what else
 * runs there may make a generator late, which no test can help; failed calls and broken thresholds remain failures.
 */
export function expectNothingWrong({ code, stdout, stderr }: Ended, directory: string): Summary {
  expect([exitCodes.ok, exitCodes.inconclusive], stdout + stderr).toContain(code)
  const summary = readSummary(directory)
  expect(summary.verdict).toBe(code === exitCodes.ok ? 'pass' : 'inconclusive')
  expect(summary).toMatchObject({ totals: { failed: 0 }, errors: {} })
  return summary
}

const reportFiles = ['summary.json', 'report.html', 'report.md', 'junit.xml']

export const hasWholeReport = (directory: string): boolean => reportFiles.every((file) => readdirSync(directory).includes(file))

/** When the last file of a report was written, in milliseconds since 1970. */
export const reportWrittenAtMs = (directory: string): number =>
  Math.max(...reportFiles.map((file) => statSync(join(directory, file)).mtimeMs))
