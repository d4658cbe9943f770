import { isShapeFile, type Json, type ScenarioPlan } from '@squall/load-plan'
import { isObject } from './apply-environment.ts'
import type { KeyPath } from './key-path.ts'
import type { PackCheck } from './pack-check.ts'
import type { Root } from './read-root.ts'

const hint = 'only a pack that lies on this machine may say that'
const files: readonly (readonly [path: KeyPath, expected: string])[] = [
  [['config', 'processor'], 'no processor: a pack that was sent runs no program here'],
  [['config', 'payload'], 'no data file: a pack that was sent reads no file here; config.variables can hold lists'],
  ...['ca', 'cert', 'key'].map((name) => [['config', 'tls', name], 'no file: a pack that was sent reads none here'] as const),
]

/**
 * Notes what of a pack that was sent by somebody else would read files or variables of this machine, or run programs on it.
 * @returns whether there is any.
 */
export function refuseReach({ pack, config }: Root, check: PackCheck): boolean {
  const before = check.problems.length
  for (const [path, expected] of files) {
    const value = valueAt(config, path.slice(1))
    if (value !== undefined) check.at(path, { value, expected, hint })
  }
  const shape = valueAt(config, ['squall', 'shape'])
  const shapes = typeof shape === 'string' ? [shape] : isObject(shape) ? Object.keys(shape) : []
  for (const value of shapes.filter(isShapeFile))
    check.at(['config', 'squall', 'shape'], { value, expected: 'a named shape: a pack that was sent runs no program here', hint })
  refuseVariables(pack, [], check)
  return check.problems.length > before
}

/** Notes scenarios whose clients start their server themselves; a kind of client may do so without a word of it in the pack. */
export function refuseCommands(scenarios: readonly ScenarioPlan[], check: PackCheck): void {
  for (const [index, { client }] of scenarios.entries()) {
    if (client.transport !== 'stdio') continue
    const expected = 'a transport over the network: clients of a pack that was sent start no program here'
    check.at(['scenarios', index, 'mcp', 'transport'], { value: client.transport, expected, hint })
  }
}

function valueAt(value: Json, path: KeyPath): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)
}

/** Wider than what is put in: generators look for variables of their own environment too. */
const variable = /\$(?:env|processEnvironment)\b/

function refuseVariables(value: Json, path: KeyPath, check: PackCheck): void {
  if (typeof value === 'string') refuseVariable(value, path, check)
  else if (Array.isArray(value)) value.forEach((item: Json, index) => refuseVariables(item, [...path, index], check))
  else if (isObject(value))
    for (const [key, member] of Object.entries(value)) {
      refuseVariable(key, [...path, key], check)
      refuseVariables(member, [...path, key], check)
    }
}

function refuseVariable(text: string, path: KeyPath, check: PackCheck): void {
  const [found] = variable.exec(text) ?? []
  if (found === undefined) return
  check.at(path, { value: found, expected: 'the value itself: a pack that was sent reads no environment variable here', hint })
}
