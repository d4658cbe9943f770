import type { Problem } from '@squall/errors'
import type { Json, ScenarioPlan } from './load-plan.ts'
import { shownTarget } from './shown-target.ts'

const schemes = ['http:', 'https:']
const socketSchemes = ['ws:', 'wss:']

/**
 * What is wrong with a target; undefined where nothing is.
 * @param scenarios whose clients are to reach it.
 */
export function findTargetMistake(target: Json, scenarios: readonly ScenarioPlan[]): Omit<Problem, 'where'> | undefined {
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
