import { readFileSync } from 'node:fs'
import { type Problem, nearestNames } from '@squall/errors'
import { withoutUserInfo, type Setting } from './setting.ts'
import { settings, type SettingValues } from './settings.ts'

/** Where values come from, the first with the last word. */
export interface SettingSources {
  readonly options: ReadonlyMap<string, unknown>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly configFile?: string
}

export interface ReadSettings {
  /** Defaults stand in for what could not be read; use them only where there is no problem. */
  readonly values: SettingValues
  readonly problems: readonly Problem[]
  /** How the user named a setting: the option, variable or file key that gave its value, else the variable. */
  readonly nameOf: (name: keyof SettingValues) => string
  /** The settings somebody gave; the others have their defaults. */
  readonly given: ReadonlySet<string>
}

const configVariable = 'SQUALL_MCP_CONFIG'

interface Given {
  readonly where: string
  readonly raw: unknown
}

/** Takes every setting from options, environment, configuration file or its default, and collects all that is wrong. */
export function readSettings({ options, environment, configFile }: SettingSources): ReadSettings {
  const problems: Problem[] = [...unknownVariables(environment)]
  const path = configFile ?? (environment[configVariable] || undefined)
  const file = path === undefined ? new Map<string, unknown>() : readConfigFile(path, problems)
  const names = new Map<string, string>()
  const givenNames = new Set<string>()
  const entries = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    const given = findGiven(setting, options, environment, file)
    names.set(name, given?.where ?? setting.variable)
    if (given === undefined) return [name, setting.fallback]
    givenNames.add(name)
    const value = setting.kind.read(given.raw)
    if (value === undefined) problems.push(wrongValue(setting, given))
    return [name, value ?? setting.fallback]
  })
  // Every name of `settings` has its entry, read by its own kind.
  const values = Object.fromEntries(entries) as SettingValues
  return { values, problems, nameOf: (name) => names.get(name) ?? name, given: givenNames }
}

function findGiven(
  { option, variable, key }: Setting<unknown>,
  options: SettingSources['options'],
  environment: SettingSources['environment'],
  file: ReadonlyMap<string, unknown>,
): Given | undefined {
  const fromOption = option === undefined ? undefined : options.get(option)
  if (option !== undefined && fromOption !== undefined) return { where: option, raw: fromOption }
  // An empty variable is how compose files and shells say that there is none.
  if (environment[variable]) return { where: variable, raw: environment[variable] }
  return file.has(key) ? { where: `${key} in the configuration file`, raw: file.get(key) } : undefined
}

function wrongValue({ kind, isSecret, example }: Setting<unknown>, { where, raw }: Given): Problem {
  return isSecret === true
    ? { where, expected: kind.expected }
    : { where, value: withoutUserInfo(raw), expected: kind.expected, hint: `for example ${example}` }
}

function unknownVariables(environment: SettingSources['environment']): Problem[] {
  const known = [configVariable, ...Object.values<Setting<unknown>>(settings).map(({ variable }) => variable)]
  return Object.keys(environment)
    .filter((name) => name.startsWith('SQUALL_MCP_') && !known.includes(name))
    .map((name) => unknownName(name, name, known, 'a variable that exists'))
}

function unknownName(where: string, name: string, known: readonly string[], expected: string): Problem {
  const [nearest] = nearestNames(name, known)
  return nearest === undefined ? { where, expected } : { where, expected, hint: `did you mean ${nearest}?` }
}

/** The values of a configuration file by their keys, sections joined by dots. */
function readConfigFile(path: string, problems: Problem[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isSection(json)) flatten(json, '', found)
    else problems.push({ where: path, expected: 'a JSON object of sections', hint: 'for example { "server": { "port": 8080 } }' })
  } catch (error) {
    problems.push({ where: path, expected: 'a JSON file that can be read', hint: (error as Error).message })
  }
  const known = Object.values<Setting<unknown>>(settings).map(({ key }) => key)
  for (const key of found.keys())
    if (!known.includes(key)) problems.push(unknownName(`${key} in ${path}`, key, known, 'a key that exists'))
  return found
}

function flatten(section: Readonly<Record<string, unknown>>, prefix: string, into: Map<string, unknown>): void {
  for (const [name, value] of Object.entries(section)) {
    if (isSection(value)) flatten(value, `${prefix}${name}.`, into)
    else into.set(`${prefix}${name}`, value)
  }
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
