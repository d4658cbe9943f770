import { nearestName } from '@squall/errors'
import { isProblem, parseThreshold, phasesOf, type Json, type LoadPlan, type ThresholdScope } from '@squall/load-plan'
import { isObject } from './apply-environment.ts'
import type { PackCheck } from './pack-check.ts'

type Plan = Omit<LoadPlan, 'target'>
type ScopeType = Exclude<ThresholdScope['type'], 'run'>

export interface ScopeCheck {
  /** Where a threshold of the list was written. */
  readonly placeOf: (index: number) => string
  /** Whether the model is the pack's: an option that changes it takes the pack's phases away, and leaves its thresholds standing. */
  readonly isAsWritten: boolean
}

/**
 * Finds thresholds on what a run of the plan never does: they could not be measured, and the run would be inconclusive.
 * @returns notes on what may be meant, where only the run will tell.
 */
export function checkThresholdScopes(plan: Plan, { placeOf, isAsWritten }: ScopeCheck, check: PackCheck): string[] {
  const notes: string[] = []
  for (const [index, expression] of plan.thresholds.entries()) {
    const threshold = parseThreshold(expression)
    if (isProblem(threshold) || threshold.scope.type === 'run') continue
    const { type, name } = threshold.scope
    const known = namesOf(plan, type)
    if (known === undefined || known.includes(name)) continue
    if (type === 'phase' && !isAsWritten) {
      notes.push(`${expression}: the run has no phase ${name}, since an option says how load is made`)
      continue
    }
    const nearest = nearestName(name, known)
    check.add({
      where: placeOf(index),
      value: expression,
      expected: expectedOf(type, known),
      ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }),
    })
  }
  return notes
}

const words: Readonly<Record<ScopeType, string>> = {
  tool: 'tools that the pack calls',
  method: 'methods of MCP',
  clientKind: 'client kinds of the pack',
  transport: 'transports of the pack',
  phase: 'phases of the pack',
}

const expectedOf = (type: ScopeType, known: readonly string[]): string =>
  known.length === 0
    ? `no threshold of ${words[type]}: there are none`
    : `a threshold of one of the ${words[type]}: ${known.join(', ')}`

/** What may stand in a scope; undefined where only the run will tell. */
function namesOf({ scenarios, model }: Plan, type: ScopeType): readonly string[] | undefined {
  if (type === 'tool') return toolNames(scenarios.map(({ flow }) => flow))
  if (type === 'method') return methodNames(scenarios.map(({ flow }) => flow))
  if (type === 'phase') return [...new Set(phasesOf(model).map(({ name }) => name))].filter((name) => name !== '')
  return [...new Set(scenarios.map(({ client }) => (type === 'clientKind' ? client.clientKind : client.transport)))]
}

function toolNames(flow: Json): readonly string[] | undefined {
  const names = namesUnder(flow, ['callTool', 'cancel'], 'name')
  const isOpen = names.some((name) => name.includes('{{')) || namesUnder(flow, [], 'function').length > 0
  return isOpen ? undefined : [...new Set(names)]
}

const methodNames = (flow: Json): readonly string[] => [...methods, ...namesUnder(flow, ['notify'], 'method')]

/** Those that clients ask for by themselves or in a step. */
const methods = [
  'initialize',
  'server/discover',
  'tools/call',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'subscriptions/listen',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'ping',
  'notifications/initialized',
  'notifications/cancelled',
  'function',
]

/** The texts under a key of steps of some names, or of any mapping where none is given; what is sent is not looked at. */
function namesUnder(value: Json, steps: readonly string[], key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => namesUnder(item, steps, key))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'arguments' || name === 'params' || name === 'match') return []
    if (steps.length === 0 && name === key && typeof member === 'string') return [member]
    const own = steps.includes(name) && isObject(member) ? member[key] : undefined
    const inside = namesUnder(member, steps, key)
    return typeof own === 'string' ? [own].concat(inside) : inside
  })
}
