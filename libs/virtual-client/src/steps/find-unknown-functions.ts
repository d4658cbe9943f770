import { nearestName, type Problem } from '@squall/errors'
import type { Json } from '@squall/load-plan'
import type { PackFunctions } from '../pack-functions.ts'

/** Every `function` step of a flow, at any depth, whose function does not exist. */
export function findUnknownFunctions(flow: Json | undefined, functions: PackFunctions, where = 'flow'): readonly Problem[] {
  if (typeof flow !== 'object' || flow === null) return []
  const members = Object.entries<Json>(flow)
  return members.flatMap(([key, value]) => {
    const place = Array.isArray(flow) ? `${where}[${key}]` : `${where}.${key}`
    // Arguments of a tool may be called so too, but there the text stands deeper than in a step.
    if (key !== 'function' || typeof value !== 'string' || members.length > 1) {
      return key === 'arguments' || key === 'params' ? [] : findUnknownFunctions(value, functions, place)
    }
    return Object.hasOwn(functions, value) ? [] : [toProblem(value, place, Object.keys(functions))]
  })
}

/** Whether a flow names a function, or may: a condition that is a single name can be one. */
export function namesFunctions(flow: Json): boolean {
  if (typeof flow !== 'object' || flow === null) return false
  return Object.entries<Json>(flow).some(([key, value]) => {
    if (key === 'arguments' || key === 'params') return false
    const isCondition = key === 'ifTrue' || key === 'whileTrue'
    const isName = typeof value === 'string' && /^[A-Za-z_$][\w$]*$/.test(value)
    return key === 'function' || (isCondition && isName) || namesFunctions(value)
  })
}

function toProblem(name: string, where: string, known: readonly string[]): Problem {
  const expected =
    known.length === 0 ? 'no function, since config.processor exports none' : `one of the functions ${known.join(', ')}`
  const nearest = nearestName(name, known)
  return { where, value: name, expected, ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }) }
}
