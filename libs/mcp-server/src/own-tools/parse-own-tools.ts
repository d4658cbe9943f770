import { CodedError, nearestName, type Problem } from '@squall/errors'
import { bindNames, parseObjectName, type Gate } from '@squall/sql-policy'
import type { Place } from '@squall/snowflake'
import type { z } from 'zod'
import { operations } from '../resources/operations.ts'
import { allTools } from '../tools/tool-table.ts'
import type { Tool } from '../tools/tool.ts'
import { ownTool } from './own-tool.ts'
import { ownToolSchema, ownToolsSchema, type OwnTool } from './own-tool-schema.ts'
import { describeValue, parameterArgument } from './parameter-argument.ts'

export interface OwnTools {
  readonly tools: readonly Tool[]
  /** Everything that is wrong with the definitions; the tools are of use only where there is nothing. */
  readonly problems: readonly Problem[]
}

/**
 * Reads an operator's own tools and checks them whole: their form, their names, that SQL and parameters go together, and that the gate
 * lets the SQL pass.
 * @param where the file they come from, for messages.
 */
export function parseOwnTools(raw: unknown, where: string, gate: Gate): OwnTools {
  const file = ownToolsSchema.safeParse(raw)
  if (!file.success) return { tools: [], problems: file.error.issues.flatMap((issue) => toProblems(issue, where, raw)) }
  const taken = new Set([...allTools, ...operations].map(({ descriptor }) => descriptor.name))
  const read = file.data.tools.map((definition, index) => readTool(definition, `${where} tools[${index}]`, gate, taken))
  return { tools: read.flatMap(({ tools }) => tools), problems: read.flatMap(({ problems }) => problems) }
}

function readTool(raw: unknown, where: string, gate: Gate, taken: Set<string>): OwnTools {
  const parsed = ownToolSchema.safeParse(raw)
  if (!parsed.success) return { tools: [], problems: parsed.error.issues.flatMap((issue) => toProblems(issue, where, raw)) }
  const { data } = parsed
  const place = readPlace(data, where)
  const problems = [
    ...(taken.has(data.name) ? [{ where: `${where}.name`, value: data.name, expected: 'a name no other tool has' }] : []),
    ...place.problems,
    ...parameterProblems(data, where),
    ...sqlProblems(data, where, gate, place.place),
  ]
  taken.add(data.name)
  return problems.length > 0 ? { tools: [], problems } : { tools: [ownTool(data, place.place)], problems: [] }
}

function readPlace(tool: OwnTool, where: string): { readonly place: Place; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const read = (field: 'database' | 'schema'): string | undefined => {
    const text = tool[field]
    try {
      return text === undefined ? undefined : parseObjectName(text, `${where}.${field}`, 1)[0]
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      problems.push(...error.problems)
      return undefined
    }
  }
  return { place: { database: read('database'), schema: read('schema') }, problems }
}

function parameterProblems({ parameters, sql }: OwnTool, where: string): Problem[] {
  const { names } = bindNames(sql)
  const known = parameters.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name)).map((name) => unknownParameter(name, known, `${where}.sql`))
  const own = parameters.flatMap((parameter, index): Problem[] => {
    const at = `${where}.parameters[${index}]`
    const { name, default: fallback } = parameter
    const isTwice = known.indexOf(name) !== index
    const fits = fallback === undefined || parameterArgument({ ...parameter, default: undefined }).safeParse(fallback).success
    return [
      ...(isTwice ? [{ where: `${at}.name`, value: name, expected: 'a name no other parameter has' }] : []),
      ...(names.includes(name)
        ? []
        : [{ where: `${at}.name`, value: name, expected: `a parameter that the SQL uses as :${name}` }]),
      ...(fits ? [] : [{ where: `${at}.default`, value: fallback, expected: describeValue(parameter) }]),
    ]
  })
  return [...unknown, ...own]
}

function unknownParameter(name: string, known: readonly string[], where: string): Problem {
  const nearest = nearestName(name, known)
  const hint =
    nearest === undefined ? 'write a path into a VARIANT without a blank before the colon' : `did you mean :${nearest}?`
  return { where, value: `:${name}`, expected: 'a parameter of the tool', hint }
}

function sqlProblems({ sql }: OwnTool, where: string, gate: Gate, { database, schema }: Place): Problem[] {
  const verdict = gate(bindNames(sql).sql, { database, schema })
  if (verdict.allowed) return []
  return [{ where: `${where}.sql`, expected: `one statement that only reads: ${verdict.reason}`, hint: verdict.hint }]
}

function toProblems(issue: z.core.$ZodIssue, where: string, raw: unknown): Problem[] {
  const at = where + issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ where: `${at}.${key}`, expected: 'a key that exists', ...hintFor(key) }))
  const value = issue.path.reduce<unknown>((inner, key) => (isIndexable(inner) ? inner[key] : undefined), raw)
  return [value === undefined ? { where: at, expected: issue.message } : { where: at, value, expected: issue.message }]
}

function hintFor(key: string): { hint: string } | Record<string, never> {
  const nearest = nearestName(key, [
    ...Object.keys(ownToolSchema.shape),
    'type',
    'required',
    'default',
    'enum',
    'minimum',
    'maximum',
    'maxLength',
  ])
  return nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
}

function isIndexable(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null
}
