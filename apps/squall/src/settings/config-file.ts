import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CodedError, type Problem } from '@squall/errors'
import { squallErrors } from '../errors.ts'
import { runOptions } from './run-options.ts'

const fileName = 'squall.config.json'

/** The `run` part of the configuration file. */
export interface ConfigFile {
  readonly path: string
  readonly run: Readonly<Record<string, unknown>>
}

/**
 * Reads `squall.config.json` of a directory or the nearest one above it that has one.
 * @throws CodedError SQUALL_BAD_OPTIONS
 */
export function readConfigFile(directory: string): ConfigFile | undefined {
  const path = findUpwards(resolve(directory))
  if (path === undefined) return undefined
  const { run = {}, ...others } = asObject(parse(path), path, 'a JSON object such as { "run": { "clients": 100 } }')
  const settings = asObject(run, `${path} run`, 'a JSON object with settings of squall run')
  const known = runOptions.map(({ key }) => key as string)
  const problems = [
    ...Object.keys(others).map((key) => ({ where: `${path} ${key}`, expected: 'the key run' })),
    ...Object.keys(settings)
      .filter((key) => !known.includes(key))
      .map((key) => ({ where: `${path} run.${key}`, expected: `one of the keys ${known.join(', ')}` })),
  ]
  if (problems.length > 0) throw badFile(path, problems)
  return { path, run: settings }
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
