import type { Json, PayloadPlan } from '@squall/load-plan'
import { CsvError, parse } from 'csv-parse/sync'
import { isObject } from '../apply-environment.ts'
import { isInexactInteger } from '../inexact-integer.ts'
import type { Payload } from './payload-section.ts'

export interface PayloadTable extends Pick<PayloadPlan, 'fields' | 'rows'> {
  /** What a person should know. */
  readonly note?: string
}

/** Why a file's content makes no rows. */
export interface Refusal {
  readonly expected: string
  readonly hint?: string
}

export const isRefusal = (table: PayloadTable | Refusal): table is Refusal => 'expected' in table

/** The rows of a CSV file, without the columns beyond those named. */
export function readCsv(csv: string, payload: Payload): PayloadTable | Refusal {
  const { path, fields = [], delimiter = ',', skipHeader = false, skipEmptyLines = true, cast = true } = payload
  if (/\.json$/i.test(path))
    return {
      expected: 'CSV, or a JSON object on each line of a file that ends in .jsonl',
      hint: 'a file of JSON as a whole has no rows',
    }
  let lines: string[][]
  try {
    lines = parse(csv, { bom: true, delimiter, relaxColumnCount: true, skipEmptyLines })
  } catch (error) {
    if (error instanceof CsvError) return { expected: 'a well-formed CSV file', hint: error.message }
    throw error
  }
  const [header = []] = lines
  if (skipHeader && isOtherOrder(header, fields))
    return { expected: `the fields in the order of its columns: ${header.join(', ')}`, hint: 'as its first line names them' }
  const rows = skipHeader ? lines.slice(1) : lines
  const short = rows.findIndex((row) => row.length < fields.length)
  if (short >= 0)
    return { expected: `rows of at least ${fields.length} columns (${fields.join(', ')})`, hint: `row ${short + 1} has fewer` }
  const note = 'its first line is the names of the fields, and is a row like any other without skipHeader: true'
  return {
    fields,
    rows: rows.map((row) => row.slice(0, fields.length).map((text) => (cast ? toValue(text) : text))),
    ...(!skipHeader && fields.every((name, column) => header[column] === name) && { note }),
  }
}

/** Whether a header holds the very names that the pack gives, elsewhere. */
const isOtherOrder = (header: readonly string[], fields: readonly string[]): boolean =>
  fields.every((name) => header.includes(name)) && fields.some((name, column) => header[column] !== name)

/** As Artillery does by default: what looks like a number is one, and so are true and false. */
function toValue(text: string): Json {
  if (text === 'true') return true
  if (text === 'false') return false
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? Number(text) : text
}

/** The rows of a file with a JSON object on each line. Its fields are those of the first line unless they are named; every line has them all. */
export function readJsonLines(content: string, payload: Payload): PayloadTable | Refusal {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  const numbered = lines.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line.trim() !== '')
  let fields: readonly string[] | undefined = payload.fields
  const rows: Json[][] = []
  for (const { line, number } of numbered) {
    const object = parseObject(line)
    if (!object) return { expected: 'a JSON object on every line', hint: `line ${number} is none` }
    if (Object.hasOwn(object, '__proto__')) return { expected: 'no field named __proto__', hint: `line ${number} has one` }
    if (hasInexactNumber(line))
      return {
        expected: 'whole numbers of at most 15 digits, or longer ones as text in quotes',
        hint: `line ${number} has a longer one`,
      }
    fields ??= Object.keys(object)
    const missing = fields.filter((field) => !Object.hasOwn(object, field))
    if (missing.length > 0)
      return { expected: `the fields ${fields.join(', ')} on every line`, hint: `line ${number} lacks ${missing.join(', ')}` }
    rows.push(fields.map((field) => object[field] ?? null))
  }
  return { fields: fields ?? [], rows }
}

function parseObject(line: string): Readonly<Record<string, Json>> | undefined {
  try {
    // JSON by the grace of JSON.parse.
    const value = JSON.parse(line) as Json
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A number that the program could not hold would be sent as another one. */
function hasInexactNumber(line: string): boolean {
  if (!/\d{16}/.test(line)) return false
  let isInexact = false
  parseWithSource(line, (_, value, { source = '' }) => {
    isInexact ||= typeof value === 'number' && isInexactInteger(value, source)
    return value
  })
  return isInexact
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

// JavaScript tells how a value was written; TypeScript does not know yet.
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown
