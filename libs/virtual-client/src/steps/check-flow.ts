import { type Problem, nearestName } from '@squall/errors'
import { findTemplateMistakes } from '../templates/find-template-mistakes.ts'
import { toProblems } from '../zod-problems.ts'
import { stepNamed, stepNames } from './step-table.ts'
import type { StepType } from './step-type.ts'

type Step = Readonly<Record<string, unknown>>

/**
 * Everything wrong with a flow: unknown steps and keys, wrong values, malformed templates, steps where they make no sense.
 * @param flow as it came from a pack.
 * @param where the flow's own place, such as `scenarios[0].flow`; places of problems continue it.
 */
export function checkFlow(flow: unknown, where: string): readonly Problem[] {
  if (!Array.isArray(flow)) return [{ where, value: flow, expected: 'a list of steps' }]
  if (flow.length === 0) return [{ where, value: flow, expected: 'at least one step' }]
  const steps: readonly unknown[] = flow
  return [
    ...steps.flatMap((step, index) => checkStep(step, `${where}[${index}]`, true)),
    ...findRepeated(steps, where),
    ...findChecksOfNothing(steps, (index) => `${where}[${index}]`),
  ]
}

function checkStep(step: unknown, where: string, isAtTop: boolean): readonly Problem[] {
  if (!isRecord(step)) return [{ where, value: step, expected: `a step such as { ping: {} }; steps are ${stepNames.join(', ')}` }]
  const [type, another] = typesOf(step)
  if (!type) return [unknownStep(step, where)]
  if (another) return [{ where, value: Object.keys(step), expected: 'one step; each begins its own list entry' }]
  const misplaced = type.onlyOnceAtTop === true && !isAtTop
  const own = checkValue(type, step, where)
  const nested = type.nested?.(step) ?? []
  return [
    ...(misplaced ? [{ where, expected: `${type.name} at the top of the flow, since it belongs to a whole iteration` }] : []),
    ...own.filter((problem) => !nested.some(({ place }) => problem.where === where + place)),
    ...nested.flatMap(({ place, step: inner }) => checkStep(inner, where + place, false)),
    ...findChecksOfNothing(
      nested.map(({ step: inner }) => inner),
      (index) => where + (nested[index]?.place ?? ''),
      type.hasBranches,
    ),
  ]
}

/** Steps that look at an answer where none was asked for: they belong right behind what makes a call. */
function findChecksOfNothing(
  steps: readonly unknown[],
  placeOf: (index: number) => string,
  stepsAreApart = false,
): readonly Problem[] {
  return steps.flatMap((step, index) => {
    const [type] = typesIn(step)
    const isFirst = stepsAreApart || placeOf(index).endsWith('[0]')
    const [before] = isFirst ? [] : typesIn(steps[index - 1])
    if (!type?.toChecks || before?.makesCall === true || before?.toChecks) return []
    return [{ where: placeOf(index), expected: `${type.name} right behind a step that makes a call` }]
  })
}

function checkValue(type: StepType, step: Step, where: string): readonly Problem[] {
  const parsed = type.schema.safeParse(step)
  const problems = parsed.success
    ? []
    : toProblems(parsed.error, { schema: type.schema, input: step, locate: (path) => where + path.map(toPlace).join('') })
  // Templates within nested steps are found when those are checked.
  return type.nested ? problems : [...problems, ...findTemplateMistakes(step, where)]
}

const toPlace = (key: PropertyKey): string => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)

function unknownStep(step: Step, where: string): Problem {
  const keys = Object.keys(step)
  const nearest = keys.flatMap((key) => nearestName(key, stepNames) ?? [])[0]
  const expected = `one of the steps ${stepNames.join(', ')}`
  return { where, value: keys.join(', '), expected, ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }) }
}

function findRepeated(steps: readonly unknown[], where: string): readonly Problem[] {
  const seen = new Set<StepType>()
  return steps.flatMap((step, index) => {
    const [type] = typesIn(step)
    if (type?.onlyOnceAtTop !== true) return []
    if (seen.has(type)) return [{ where: `${where}[${index}]`, expected: `${type.name} only once in a flow` }]
    seen.add(type)
    return []
  })
}

const typesOf = (step: Step): readonly StepType[] => Object.keys(step).flatMap((key) => stepNamed(key) ?? [])

const typesIn = (step: unknown): readonly StepType[] => (isRecord(step) ? typesOf(step) : [])

const isRecord = (value: unknown): value is Step => typeof value === 'object' && value !== null && !Array.isArray(value)
