import type { Json } from '@squall/load-plan'
import { applyEnvironment, isObject, type JsonObject } from './apply-environment.ts'
import type { PackCheck } from './pack-check.ts'
import type { PackSource } from './pack-source.ts'
import { checkConfigKeys } from './sections/config-section.ts'

/** A pack's upper parts, as plain data. */
export interface Root {
  readonly pack: JsonObject
  /** With the chosen environment laid over it. */
  readonly config: JsonObject
  readonly scenarios: readonly Json[]
}

const packKeys = ['config', 'scenarios', 'before', 'after']

/** Reads a pack down to its scenarios; undefined where nothing below makes sense. */
export function readRoot(source: PackSource, environment: string | undefined, check: PackCheck): Root | undefined {
  const pack = source.toValue()
  if (!isObject(pack)) {
    check.at([], { ...(pack !== null && { value: pack }), expected: 'a mapping with config and scenarios' })
    return undefined
  }
  check.keys(pack, packKeys, [])
  const { config = {}, scenarios } = pack
  if (!isObject(config)) check.at(['config'], { value: config, expected: 'a mapping' })
  if (!Array.isArray(scenarios) || scenarios.length === 0)
    check.at(['scenarios'], { ...(scenarios !== undefined && { value: scenarios }), expected: 'a list of at least one scenario' })
  return {
    pack,
    config: isObject(config) ? withEnvironment(config, environment, check) : {},
    scenarios: Array.isArray(scenarios) ? scenarios : [],
  }
}

/** Checks the keys of all environments, and lays the chosen one over the rest. */
function withEnvironment(config: JsonObject, name: string | undefined, check: PackCheck): JsonObject {
  checkConfigKeys(config, ['config'], check)
  const written = config['environments'] ?? {}
  if (!isObject(written)) check.at(['config', 'environments'], { value: written, expected: 'a mapping of names to environments' })
  const environments = isObject(written) ? written : {}
  for (const [name, environment] of Object.entries(environments)) {
    const path = ['config', 'environments', name]
    if (isObject(environment)) checkConfigKeys({ ...environment, engines: config['engines'] ?? {} }, path, check)
    else check.at(path, { value: environment, expected: 'a mapping such as config itself' })
  }
  if (name === undefined) return config
  const chosen = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (chosen === undefined) check.add({ where: '--env', value: name, expected: expectedEnvironment(Object.keys(environments)) })
  return isObject(chosen) ? applyEnvironment(config, chosen) : config
}

const expectedEnvironment = (names: readonly string[]): string =>
  names.length === 0 ? 'no environment, since the pack has none' : `one of the environments ${names.join(', ')}`
