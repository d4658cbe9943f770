import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Json, PayloadPlan } from '@squall/load-plan'
import { z } from 'zod'
import { oneOf, text } from '../fields.ts'
import type { KeyPath } from '../key-path.ts'
import type { PackCheck } from '../pack-check.ts'
import { isRefusal, type PayloadTable, readCsv, readJsonLines, type Refusal } from './payload-rows.ts'

const expectedFields = 'a list of names, one for each column'

const payload = z
  .strictObject(
    {
      path: text('the path of a CSV file, or of a file of JSON lines'),
      fields: z.array(text('the name of a column'), expectedFields).min(1, 'at least one name').optional(),
      order: oneOf(['sequence', 'random', 'unique']).optional(),
      skipHeader: z.boolean('true or false').optional(),
      delimiter: text('the character between two columns').optional(),
      skipEmptyLines: z.boolean('true or false').optional(),
      cast: z.boolean('true or false').optional(),
    },
    'a mapping with path and fields',
  )
  .superRefine(({ path, fields }, context) => {
    // JSON lines name their own.
    if (fields === undefined && !isJsonLines(path))
      context.addIssue({ code: 'custom', path: ['fields'], message: expectedFields })
  })

export type Payload = z.output<typeof payload>

const isJsonLines = (path: string): boolean => /\.(?:jsonl|ndjson)$/i.test(path)

/** Reads `config.payload`, one data file or a list of them. @param directory what their paths are relative to. */
export function readPayloads(section: Json | undefined, directory: string, check: PackCheck): PayloadPlan[] {
  const path: KeyPath = ['config', 'payload']
  if (Array.isArray(section))
    return section.flatMap((item: Json, index) => readPayload(item, directory, check, [...path, index]) ?? [])
  return section === undefined ? [] : [readPayload(section, directory, check, path) ?? []].flat()
}

function readPayload(section: Json, directory: string, check: PackCheck, path: KeyPath): PayloadPlan | undefined {
  const read = check.read(payload, section, path)
  if (!read) return undefined
  const table = readTable(read, directory)
  // Artillery's own default.
  if (!isRefusal(table)) return { ...table, order: read.order ?? 'random' }
  check.at([...path, 'path'], { value: read.path, ...table })
  return undefined
}

function readTable(payload: Payload, directory: string): PayloadTable | Refusal {
  let content: string
  try {
    content = readFileSync(resolve(directory, payload.path), 'utf8')
  } catch (error) {
    return { expected: 'a file that can be read, relative to the pack', hint: (error as Error).message }
  }
  const table = isJsonLines(payload.path) ? readJsonLines(content, payload) : readCsv(content, payload)
  return isRefusal(table) || table.rows.length > 0 ? table : { expected: 'a file with at least one row' }
}
