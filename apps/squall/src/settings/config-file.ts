import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CodedError, type Problem } from '@squall/errors'
import { squallErrors } from '../errors.ts'
import {
  agentOptions,
  baselineOptions,
  capacityOptions,
  compareOptions,
  initOptions,
  runOptions,
  serveOptions,
  type RunOption,
} from './run-options.ts'

const fileName = 'squall.config.json'

/** The parts of the file, each with the settings it may hold. */
const sections = {
  run: runOptions,
  init: initOptions,
  capacity: capacityOptions,
  compare: compareOptions,
  baseline: baselineOptions,
  agent: agentOptions,
  serve: serveOptions,
} satisfies Readonly<Record<string, readonly RunOption[]>>

export type SectionName = keyof typeof sections

/** One part of the configuration file. */
export interface ConfigFile {
  readonly path: string
  readonly section: SectionName
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Reads a part of `squall.config.json` of a directory or the nearest one above it that has one; all of its parts are checked.
 * @throws CodedError SQUALL_BAD_OPTIONS
 */
export function readConfigFile(directory: string, section: SectionName = 'run'): ConfigFile | undefined {
  const path = findUpwards(resolve(directory))
  if (path === undefined) return undefined
  const parts = asObject(parse(path), path, 'a JSON object such as { "run": { "clients": 100 } }')
  const names = Object.keys(sections) as SectionName[]
  const settings = Object.fromEntries(names.map((name) => [name, readSection(parts[name] ?? {}, name, path)]))
  const known: readonly string[] = names
  const problems = [
    ...Object.keys(parts)
      .filter((key) => !known.includes(key))
      .map((key) => ({ where: `${path} ${key}`, expected: `one of the keys ${names.join(', ')}` })),
    ...names.flatMap((name) => unknownKeys(settings[name] ?? {}, name, path)),
  ]
  if (problems.length > 0) throw badFile(path, problems)
  return { path, section, settings: settings[section] ?? {} }
}

const readSection = (value: unknown, name: SectionName, path: string): Record<string, unknown> =>
  asObject(value, `${path} ${name}`, `a JSON object with settings of squall ${name}`)

function unknownKeys(settings: Readonly<Record<string, unknown>>, name: SectionName, path: string): Problem[] {
  const known: readonly string[] = sections[name].map(({ key }) => key)
  return Object.keys(settings)
    .filter((key) => !known.includes(key))
    .map((key) => ({ where: `${path} ${name}.${key}`, expected: `one of the keys ${known.join(', ')}` }))
}

function findUpwards(directory: string): string | undefined {
  const path = join(directory, fileName)
  if (existsSync(path)) return path
  return dirname(directory) === directory ? undefined : findUpwards(dirname(directory))
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw badFile(path, [{ where: path, expected: 'a JSON file that can be read', hint: (error as Error).message }])
  }
}

function asObject(value: unknown, where: string, expected: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw badFile(where, [{ where, value, expected }])
}

const badFile = (path: string, problems: readonly Problem[]): CodedError =>
  new CodedError(squallErrors.SQUALL_BAD_OPTIONS, { message: `${path} cannot be used`, problems })
