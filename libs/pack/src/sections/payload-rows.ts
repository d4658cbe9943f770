import type { Json, PayloadPlan } from '@squall/load-plan'
import { CsvError, parse } from 'csv-parse/sync'
import { isObject } from '../apply-environment.ts'
import type { Payload } from './payload-section.ts'

export type PayloadTable = Pick<PayloadPlan, 'fields' | 'rows'>

/** Why a file's content makes no rows. */
export interface Refusal {
  readonly expected: string
  readonly hint?: string
}

export const isRefusal = (table: PayloadTable | Refusal): table is Refusal => 'expected' in table

/** The rows of a CSV file, without the columns beyond those named. */
export function readCsv(csv: string, payload: Payload): PayloadTable | Refusal {
  const { fields = [], delimiter = ',', skipHeader = false, skipEmptyLines = true, cast = true } = payload
  let rows: string[][]
  try {
    rows = parse(csv, { bom: true, delimiter, from: skipHeader ? 2 : 1, relaxColumnCount: true, skipEmptyLines })
  } catch (error) {
    if (error instanceof CsvError) return { expected: 'a well-formed CSV file', hint: error.message }
    throw error
  }
  const short = rows.findIndex((row) => row.length < fields.length)
  if (short >= 0)
    return { expected: `rows of at least ${fields.length} columns (${fields.join(', ')})`, hint: `row ${short + 1} has fewer` }
  return { fields, rows: rows.map((row) => row.slice(0, fields.length).map((text) => (cast ? toValue(text) : text))) }
}

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
