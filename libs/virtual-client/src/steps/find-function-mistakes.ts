import { nearestName, type Problem } from '@squall/errors'
import type { Json } from '@squall/load-plan'
import { ownFunction, type PackFunctions } from '../pack-functions.ts'

/** Every `function` step of a flow, at any depth, whose function does not exist, and every condition that nobody would wait for. */
export function findFunctionMistakes(flow: Json | undefined, functions: PackFunctions, where = 'flow'): readonly Problem[] {
  if (typeof flow !== 'object' || flow === null) return []
  const members = Object.entries<Json>(flow)
  return members.flatMap(([key, value]) => {
    const place = Array.isArray(flow) ? `${where}[${key}]` : `${where}.${key}`
    if (dataKeys.has(key)) return []
    if (typeof value !== 'string') return findFunctionMistakes(value, functions, place)
    const own = ownFunction(functions, value)
    // What is no name at all has been told already.
    if (key === 'function') return own || value === '' ? [] : [unknown(value, place, Object.keys(functions))]
    return conditionKeys.has(key) && own && isAsync(own) ? [unawaited(value, place)] : []
  })
}

/** What is sent or looked for may have any keys. */
const dataKeys: ReadonlySet<string> = new Set(['arguments', 'params', 'value', 'over', 'expect'])
const conditionKeys: ReadonlySet<string> = new Set(['ifTrue', 'whileTrue'])

const isAsync = (own: PackFunctions[string]): boolean => own.constructor.name === 'AsyncFunction'

const unawaited = (value: string, where: string): Problem => ({
  where,
  value,
  expected: 'a function that answers at once: a condition does not wait, and a promise would always be true',
})

/** Whether a flow names a function, or may: a condition that is a single name can be one. */
export function namesFunctions(flow: Json): boolean {
  if (typeof flow !== 'object' || flow === null) return false
  return Object.entries<Json>(flow).some(([key, value]) => {
    if (dataKeys.has(key)) return false
    const isName = typeof value === 'string' && /^[A-Za-z_$][\w$]*$/.test(value)
    return key === 'function' || (conditionKeys.has(key) && isName) || namesFunctions(value)
  })
}

function unknown(name: string, where: string, known: readonly string[]): Problem {
  const expected =
    known.length === 0 ? 'no function, since config.processor exports none' : `one of the functions ${known.join(', ')}`
  const nearest = nearestName(name, known)
  return { where, value: name, expected, ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }) }
}
