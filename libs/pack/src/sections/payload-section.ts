import { resolve } from 'node:path'
import { thrownText } from '@squall/errors'
import type { Json, PayloadPlan } from '@squall/load-plan'
import { z } from 'zod'
import { isObject } from '../apply-environment.ts'
import { oneOf, text, trueOrFalse } from '../fields.ts'
import { toKeyPath, type KeyPath } from '../key-path.ts'
import type { PackCheck } from '../pack-check.ts'
import { readText } from '../read-text.ts'
import { isRefusal, type PayloadTable, readCsv, readJsonLines, type Refusal } from './payload-rows.ts'

const expectedFields = 'a list of names, one for each column'
const field = text('the name of a column').refine((name) => name !== '__proto__', 'another name, which not every object has')

const payload = z
  .strictObject(
    {
      path: text('the path of a CSV file, or of a file of JSON lines'),
      fields: z.array(field, expectedFields).min(1, 'at least one name').refine(areDifferent, 'each name once').optional(),
      order: oneOf(['sequence', 'random', 'unique']).optional(),
      skipHeader: trueOrFalse.optional(),
      delimiter: text('the character between two columns')
        .refine((mark) => !/["\r\n]/.test(mark), 'another character than those that end a line or enclose a text')
        .optional(),
      skipEmptyLines: trueOrFalse.optional(),
      cast: trueOrFalse.optional(),
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

function areDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length
}

/** The data of a pack. */
export interface ReadPayloads {
  readonly payloads: PayloadPlan[]
  /** What the files set for all that is known, those that could not be read included; undefined where one might set anything. */
  readonly fields: readonly string[] | undefined
  /** What a person should know. */
  readonly notes: readonly string[]
}

/** Reads `config.payload`, one data file or a list of them. @param directory what their paths are relative to. */
export function readPayloads(section: Json | undefined, directory: string, check: PackCheck): ReadPayloads {
  const path: KeyPath = ['config', 'payload']
  const items = (Array.isArray(section) ? section : section === undefined ? [] : [section]) as readonly Json[]
  const read = items.map((item, index) => readPayload(item, directory, check, Array.isArray(section) ? [...path, index] : path))
  noteShared(read, path, check)
  const fields = read.map((one, index) => one.plan?.fields ?? namedIn(items[index]))
  return {
    payloads: read.flatMap(({ plan }) => plan ?? []),
    fields: fields.every((names) => names !== undefined) ? fields.flat() : undefined,
    notes: read.flatMap(({ note }) => note ?? []),
  }
}

/** Of a field in two files, the one would hide the other. */
function noteShared(read: readonly ReadPayload[], path: KeyPath, check: PackCheck): void {
  const firstOf = new Map<string, number>()
  for (const [index, { plan }] of read.entries())
    for (const name of plan?.fields ?? []) {
      const first = firstOf.get(name) ?? index
      firstOf.set(name, first)
      if (first === index) continue
      const expected = `another name: ${toKeyPath([...path, first])} has a field of this one`
      check.at([...path, index, 'fields'], { value: name, expected })
    }
}

/** The columns that a section names, whatever else is wrong with it. */
function namedIn(section: Json | undefined): readonly string[] | undefined {
  const fields = isObject(section) ? section['fields'] : undefined
  return Array.isArray(fields) ? fields.filter((name) => typeof name === 'string') : undefined
}

interface ReadPayload {
  readonly plan?: PayloadPlan
  readonly note?: string
}

function readPayload(section: Json, directory: string, check: PackCheck, path: KeyPath): ReadPayload {
  const read = check.read(payload, section, path)
  if (!read) return {}
  const table = readTable(read, directory)
  if (isRefusal(table)) {
    check.at([...path, 'path'], { value: read.path, ...table })
    return {}
  }
  const { note, ...rows } = table
  // Artillery's own default.
  const plan = { ...rows, order: read.order ?? 'random' } as const
  return note === undefined ? { plan } : { plan, note: `${toKeyPath(path)}: ${note}` }
}

function readTable(payload: Payload, directory: string): PayloadTable | Refusal {
  let content: string
  try {
    content = readText(resolve(directory, payload.path))
  } catch (error) {
    return { expected: 'a file that can be read, relative to the pack', hint: thrownText(error) }
  }
  const table = isJsonLines(payload.path) ? readJsonLines(content, payload) : readCsv(content, payload)
  return isRefusal(table) || table.rows.length > 0 ? table : { expected: 'a file with at least one row' }
}
