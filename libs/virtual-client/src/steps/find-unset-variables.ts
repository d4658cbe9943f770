import { nearestName, type Problem } from '@squall/errors'
import type { Json } from '@squall/load-plan'
import { variablesOfCondition } from '../conditions.ts'
import type { PackFunctions } from '../pack-functions.ts'
import { splitTemplate } from '../templates/text-template.ts'
import { compileExpression } from '../templates/expression.ts'

export interface KnownNames {
  /** Variables that every client has from its plan and its data. */
  readonly variables: readonly string[]
  readonly functions?: PackFunctions
}

/**
 * Every variable that a flow reads and nothing sets: neither the plan or its data, nor a capture or a loop anywhere in the flow.
 * @param flow one that `checkFlow` found nothing wrong with.
 */
export function findUnsetVariables(flow: Json, where: string, { variables, functions = {} }: KnownNames): readonly Problem[] {
  const known = new Set([...variables, ...setIn(flow)])
  return readIn(flow, { where, key: '', isData: false }).flatMap(({ name, where: place }) =>
    known.has(name) || Object.hasOwn(functions, name) ? [] : [toProblem(name, place, [...known])],
  )
}

/** The variables that steps of a flow set themselves. */
function setIn(flow: Json): readonly string[] {
  if (typeof flow !== 'object' || flow === null) return []
  const own = ['as', 'loopValue', 'loopElement'].flatMap((key) => {
    const name = memberOf(flow, key)
    return typeof name === 'string' ? [name] : []
  })
  const ofLoop = memberOf(flow, 'loop') === undefined ? [] : ['$loopCount', '$loopElement']
  return [...own, ...ofLoop, ...Object.values<Json>(flow).flatMap(setIn)]
}

const memberOf = (value: Exclude<Json, null | string | number | boolean>, key: string): Json | undefined =>
  Array.isArray(value) ? undefined : (value as Readonly<Record<string, Json>>)[key]

interface Place {
  readonly where: string
  readonly key: string
  /** Within what is sent as it is, keys mean nothing. */
  readonly isData: boolean
}

interface Reading {
  readonly name: string
  readonly where: string
}

function readIn(value: Json, place: Place): readonly Reading[] {
  if (typeof value === 'string') return namesIn(value, place).map((name) => ({ name, where: place.where }))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries<Json>(value).flatMap(([key, member]) => {
    const where = Array.isArray(value) ? `${place.where}[${key}]` : `${place.where}.${key}`
    return readIn(member, { where, key, isData: place.isData || key === 'arguments' || key === 'params' })
  })
}

function namesIn(text: string, { key, isData }: Place): readonly string[] {
  if (!isData && (key === 'ifTrue' || key === 'whileTrue')) return variablesOfCondition(text)
  if (!isData && key === 'over') return [text]
  return splitTemplate(text).flatMap(({ source, isExpression }) => {
    const compiled = isExpression ? compileExpression(source) : undefined
    return compiled?.ok === true && compiled.variable !== undefined ? [compiled.variable] : []
  })
}

function toProblem(name: string, where: string, known: readonly string[]): Problem {
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? 'set it in config.variables, a data file, a capture or a loop' : `did you mean ${nearest}?`
  return { where, value: name, expected: 'a variable that something sets', hint }
}
