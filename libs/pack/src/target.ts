import { shownTarget, type Json, type ScenarioPlan } from '@squall/load-plan'
import type { Problem } from '@squall/errors'
import type { ReadOverrides } from './overrides.ts'
import type { PackOverrides } from './pack.ts'
import type { PackCheck } from './pack-check.ts'
import type { SquallSection } from './sections/squall-section.ts'

export interface TargetInput {
  /** `config.target`. */
  readonly written: Json | undefined
  readonly squall: SquallSection | undefined
  readonly overrides: ReadOverrides
  readonly given: PackOverrides
  readonly scenarios: readonly ScenarioPlan[]
}

/** In `config.squall.target`: the server that Squall starts by itself. */
const embedded = 'embedded'

/** Where load goes; undefined where nothing is named, or the embedded server is. A wrong target is noted. */
export function readTarget(input: TargetInput, check: PackCheck): string | undefined {
  const { written, squall, overrides, given } = input
  if (overrides.target !== undefined) {
    const problem = findMistake(overrides.target, input)
    if (problem) check.add({ where: given.target?.where ?? '', ...problem })
    return overrides.target
  }
  // An override that could not be read was noted already; it still beats the pack.
  if (given.target || squall?.target === embedded) return undefined
  const own = squall?.target ?? written
  if (own === undefined) return undefined
  const problem = findMistake(own, input)
  if (problem) check.at(squall?.target === undefined ? ['config', 'target'] : ['config', 'squall', 'target'], problem)
  return typeof own === 'string' ? own : undefined
}

const schemes = ['http:', 'https:']
const socketSchemes = ['ws:', 'wss:']

function findMistake(target: Json, { scenarios }: TargetInput): Omit<Problem, 'where'> | undefined {
  if (typeof target !== 'string' || target.trim() === '')
    return { value: target, expected: 'a URL such as http://127.0.0.1:3000/mcp' }
  // A command line may be anything.
  if (scenarios.length > 0 && scenarios.every(({ client }) => client.transport === 'stdio')) return undefined
  const isSocket = scenarios.length > 0 && scenarios.every(({ client }) => client.transport === 'websocket')
  const allowed = isSocket ? [...socketSchemes, ...schemes] : schemes
  const url = URL.parse(target)
  if (url !== null && allowed.includes(url.protocol)) return undefined
  return {
    value: shownTarget(target),
    expected: `a whole URL that begins with ${allowed.map((scheme) => `${scheme}//`).join(' or ')}`,
  }
}
