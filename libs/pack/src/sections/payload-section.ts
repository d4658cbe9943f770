import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Json, PayloadPlan } from '@squall/load-plan'
import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { oneOf, text } from '../fields.ts'
import type { KeyPath } from '../key-path.ts'
import type { PackCheck } from '../pack-check.ts'

const payload = z.strictObject(
  {
    path: text('the path of a CSV file'),
    fields: z.array(text('the name of a column'), 'a list of names, one for each column').min(1, 'at least one name'),
    order: oneOf(['sequence', 'random']).optional(),
    skipHeader: z.boolean('true or false').optional(),
    delimiter: text('the character between two columns').optional(),
    skipEmptyLines: z.boolean('true or false').optional(),
    // Templates only ever put text into a call, so there is nothing to cast.
    cast: z.boolean('true or false').optional(),
  },
  'a mapping with path and fields',
)

type Payload = z.output<typeof payload>

/** Reads `config.payload`, one data file or a list of them. @param directory what their paths are relative to. */
export function readPayloads(section: Json | undefined, directory: string, check: PackCheck): PayloadPlan[] {
  const path: KeyPath = ['config', 'payload']
  if (Array.isArray(section))
    return section.flatMap((item: Json, index) => readPayload(item, directory, check, [...path, index]) ?? [])
  return section === undefined ? [] : [readPayload(section, directory, check, path) ?? []].flat()
}

function readPayload(section: Json, directory: string, check: PackCheck, path: KeyPath): PayloadPlan | undefined {
  const read = check.read(payload, section, path)
  const rows = read && readRows(read, directory, check, path)
  // Artillery's own default.
  return rows && { fields: read.fields, rows, order: read.order ?? 'random' }
}

function readRows(payload: Payload, directory: string, check: PackCheck, path: KeyPath): string[][] | undefined {
  const refuse = (expected: string, hint?: string): undefined => {
    check.at([...path, 'path'], { value: payload.path, expected, ...(hint !== undefined && { hint }) })
  }
  let rows: string[][]
  try {
    rows = parseCsv(readFileSync(resolve(directory, payload.path), 'utf8'), payload)
  } catch (error) {
    return error instanceof CsvError
      ? refuse('a well-formed CSV file', error.message)
      : refuse('a file that can be read, relative to the pack', (error as Error).message)
  }
  if (rows.length === 0) return refuse('a file with at least one row')
  const short = rows.findIndex((row) => row.length < payload.fields.length)
  if (short >= 0)
    return refuse(
      `rows of at least ${payload.fields.length} columns (${payload.fields.join(', ')})`,
      `row ${short + 1} has fewer`,
    )
  return rows.map((row) => row.slice(0, payload.fields.length))
}

function parseCsv(csv: string, { delimiter = ',', skipHeader = false, skipEmptyLines = true }: Payload): string[][] {
  const options = { bom: true, delimiter, from: skipHeader ? 2 : 1, relaxColumnCount: true, skipEmptyLines }
  return parse(csv, options)
}
