import { dirname, resolve } from 'node:path'
import type { Json, ScenarioPlan } from '@squall/load-plan'
import {
  findFunctionMistakes,
  findUnsetVariables,
  loadPackFunctions,
  namesFunctions,
  type PackFunctions,
} from '@squall/virtual-client'
import { parseKeyPath, toKeyPath } from './key-path.ts'
import type { PackCheck } from './pack-check.ts'

export interface NamedThings {
  /** The pack's own. */
  readonly file: string
  readonly scenarios: readonly ScenarioPlan[]
  /** What data files set; undefined where they may set anything. */
  readonly fields: readonly string[] | undefined
  readonly variables: Readonly<Record<string, Json>>
  /** `config.processor` as written. */
  readonly processor: Json | undefined
}

/** What the flows make of the pack's processor. */
export interface ProcessorUse {
  /** Where the module lies, if any flow calls a function of it. */
  readonly processor?: string
  /** What a person should know. */
  readonly notes: readonly string[]
}

/**
 * Looks whether the functions and variables that flows name exist. A variable that nothing sets is a problem, or just a note where the
 * pack has a processor, whose functions may set any.
 */
export function checkNames(things: NamedThings, check: PackCheck): ProcessorUse {
  const { file, scenarios, fields, variables, processor: written } = things
  if (written !== undefined && typeof written !== 'string')
    check.at(['config', 'processor'], { value: written, expected: 'the path of a module' })
  const isUsed = scenarios.some(({ flow }) => namesFunctions(flow))
  const processor = isUsed && typeof written === 'string' ? resolve(dirname(file), written) : undefined
  const functions = loadFunctions(processor, check)
  const known = { functions: functions ?? {}, variables: [...Object.keys(variables), ...(fields ?? [])] }
  const notes: string[] = []
  if (!functions) return { notes }
  scenarios.forEach(({ flow, client }, index) => {
    const where = toKeyPath(['scenarios', index, 'flow'])
    for (const { where: place, ...problem } of findFunctionMistakes(flow, functions, where))
      check.at(parseKeyPath(place), problem)
    // Where a data file could not be read it is told, and nothing of what it may set.
    if (fields === undefined) return
    const headers = findUnsetVariables(client.headers, toKeyPath(['scenarios', index, 'mcp', 'headers']), known)
    for (const { where: place, ...problem } of [...findUnsetVariables(flow, where, known), ...headers]) {
      if (written === undefined) check.at(parseKeyPath(place), problem)
      else
        notes.push(`${place}: ${String(problem.value)} is set by nothing in the pack, unless a function of config.processor does`)
    }
  })
  return { ...(processor !== undefined && { processor }), notes }
}

function loadFunctions(processor: string | undefined, check: PackCheck): PackFunctions | undefined {
  try {
    return loadPackFunctions({ ...(processor !== undefined && { processor }) })
  } catch (error) {
    check.at(['config', 'processor'], {
      value: processor,
      expected: 'a module that Node can load, relative to the pack',
      hint: (error as Error).message,
    })
    return undefined
  }
}
