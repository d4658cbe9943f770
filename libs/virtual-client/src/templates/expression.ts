import { nearestName } from '@squall/errors'
import type { Json } from '@squall/load-plan'
import { ownMember } from '../own-member.ts'
import { templateFunctions } from './template-functions.ts'
import type { TemplateScope } from './template-scope.ts'

export type Expression = (scope: TemplateScope) => Json | undefined

/** An expression ready to run, or what is wrong with it. */
export type CompiledExpression =
  | { readonly ok: true; readonly evaluate: Expression; readonly variable?: string }
  | { readonly ok: false; readonly expected: string }

const callPattern = /^(\$\w+)(?:\(([^()]*)\))?$/
const pathPattern = /^([A-Za-z_$][\w$-]*)((?:\.[\w$-]+|\[\d+\])*)$/
const expectedPath = 'a variable such as {{ name }} or {{ rows[0].id }}, or a function such as {{ $randomNumber(1, 10) }}'

/** Compiles what stands between `{{` and `}}`: a function of the table, an environment variable, or a variable with a path. */
export function compileExpression(source: string): CompiledExpression {
  const environment = /^\$env\.(\w+)$/.exec(source)
  if (environment?.[1] !== undefined) return fixed(process.env[environment[1]] ?? '')
  const [, name, list] = callPattern.exec(source) ?? []
  if (name !== undefined && (list !== undefined || name in templateFunctions)) return compileCall(name, list ?? '')
  const [, variable, path] = pathPattern.exec(source) ?? []
  if (variable === undefined) return { ok: false, expected: expectedPath }
  return { ok: true, variable, evaluate: reader(variable, path ?? '') }
}

const fixed = (value: string): CompiledExpression => ({ ok: true, evaluate: () => value })

function compileCall(name: string, list: string): CompiledExpression {
  const called = templateFunctions[name]
  if (!called) return { ok: false, expected: expectedFunction(name) }
  const numbers = list.trim() === '' ? [] : list.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const { fewestArguments, mostArguments } = called
  if (numbers.some(Number.isNaN) || numbers.length < fewestArguments || numbers.length > mostArguments) {
    return { ok: false, expected: `${name} with ${fewestArguments} to ${mostArguments} numbers` }
  }
  const draw = called.given(numbers)
  return { ok: true, evaluate: ({ random }) => draw(random) }
}

function expectedFunction(name: string): string {
  const known = Object.keys(templateFunctions)
  const nearest = nearestName(name, known)
  return nearest === undefined ? `one of the functions ${known.join(', ')}` : `a known function; did you mean ${nearest}?`
}

function reader(variable: string, path: string): Expression {
  const keys = [...path.matchAll(/\.([\w$-]+)|\[(\d+)\]/g)].map(([, member, index]) => member ?? index ?? '')
  // Variables hold JSON, so every part of one is JSON.
  const follow = (from: unknown): Json | undefined => keys.reduce(ownMember, from) as Json | undefined
  // What every object has is no variable until somebody sets it.
  if (variable in Object.prototype) return ({ variables }) => follow(ownMember(variables, variable))
  if (keys.length === 0) return ({ variables }) => variables[variable]
  return ({ variables }) => follow(variables[variable])
}
