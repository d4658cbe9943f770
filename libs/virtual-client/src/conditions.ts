import type { Json } from '@squall/load-plan'
import { compileExpression } from 'filtrex'
import { ownFunction, type PackFunctions } from './pack-functions.ts'
import { ownMember } from './own-member.ts'
import { isThenable } from './thenable.ts'
import type { Variables } from './templates/template-scope.ts'

/** Whether something holds for a client's variables. */
export type Condition = (variables: Variables) => boolean

/**
 * Compiles a condition as Artillery's `ifTrue` has them: the name of a function of the processor, which gets the variables, or an
 * expression of filtrex such as `page < 10 and city == "Bern"`. As there, what fails to evaluate does not keep the step from running.
 */
export function compileCondition(expression: string, functions: PackFunctions = {}): Condition {
  // In a condition Artillery calls a function with the variables alone, so that is what such a function expects.
  const own = ownFunction(functions, expression) as ((variables: Variables) => unknown) | undefined
  const evaluate = own ?? compileExpression(expression, { customProp: readVariable })
  return (variables) => {
    try {
      return isTrue(evaluate(variables))
    } catch {
      return true
    }
  }
}

/** Nobody waits for what a condition promises: like every object it is true, and its failure is the same as that of one that throws. */
function isTrue(evaluated: unknown): boolean {
  if (isThenable(evaluated)) evaluated.then(undefined, () => undefined)
  return Boolean(evaluated)
}

/** What is wrong with an expression; undefined where nothing is. */
export function findConditionMistake(expression: string): string | undefined {
  if (/\brandom\s*\(/.test(expression)) return 'no random(), which would not repeat under the same seed; draw with mix'
  try {
    compileExpression(expression)
    return undefined
  } catch {
    return 'a condition such as page < 10 and city == "Bern"'
  }
}

const token = /"(?:\\"|\\\\|[^"\\])*"|'((?:\\'|\\\\|[^'\\])*)'|([A-Za-z$_][\w$.]*)(\s*\()?/g
const words = new Set(['and', 'or', 'not', 'in', 'of', 'true', 'false'])

/** The variables an expression reads. */
export function variablesOfCondition(expression: string): readonly string[] {
  return [...expression.matchAll(token)].flatMap(([, quoted, name, opensCall]) => {
    const variable = quoted ?? name
    if (variable === undefined || opensCall !== undefined || (quoted === undefined && words.has(variable))) return []
    return [quoted ?? variable.split('.')[0] ?? variable]
  })
}

/** A variable by its whole name, or else a part of one by a dotted path. */
function readVariable(name: string, _get: unknown, variables: Variables): Json | undefined {
  if (Object.hasOwn(variables, name)) return variables[name]
  if (name === 'true' || name === 'false') return name === 'true'
  // Variables hold JSON, so every part of one is JSON.
  return name.split('.').reduce<unknown>(ownMember, variables) as Json | undefined
}
