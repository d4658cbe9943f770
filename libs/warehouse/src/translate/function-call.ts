import { isKeyword, type Token, type TokenNode } from '@squall/snowflake-sql'
import { SnowflakeError } from '../engine/snowflake-error.ts'
import { placeOf, syntaxError, unknownFunction } from '../engine/snowflake-errors.ts'
import { aggregateFunctions } from './functions/aggregate-functions.ts'
import { contextFunctions, wordFunctions } from './functions/context-functions.ts'
import { conversionFunctions } from './functions/conversion-functions.ts'
import { dateFunctions } from './functions/date-functions.ts'
import type { FunctionCall, FunctionTranslation } from './functions/function-translation.ts'
import { isKnownFunction } from './functions/known-functions.ts'
import { scalarFunctions } from './functions/scalar-functions.ts'
import { variantFunctions } from './functions/variant-functions.ts'
import { type NodeCursor, splitAtOperator } from './node-cursor.ts'
import { renderObjectName } from './object-name.ts'
import type { Scope } from './scope.ts'
import { looksLikeQuery } from './translate-query.ts'

/** Functions that need more than their own name. */
const translations: ReadonlyMap<string, FunctionTranslation> = new Map(
  Object.entries({
    ...aggregateFunctions,
    ...contextFunctions,
    ...conversionFunctions,
    ...dateFunctions,
    ...scalarFunctions,
    ...variantFunctions,
  }),
)

/** A function call whose name has just been read, brackets included; nothing where the name is a column's. */
export function translateCall(parts: readonly string[], token: Token, cursor: NodeCursor, scope: Scope): string | undefined {
  const [name = ''] = parts
  if (!cursor.group('(')) return parts.length === 1 ? wordFunctions.get(name)?.(scope) : undefined
  if (parts.length > 1) throw unknownUserFunction(parts, token)
  const call = takeCall(name, token, cursor, scope)
  const translation = translations.get(name)
  if (translation) return translation(call)
  if (!isKnownFunction(name)) throw unknownFunction(name, placeOf(token))
  return `${name}(${call.isDistinct ? 'DISTINCT ' : ''}${call.list})${withinGroup(call)}`
}

function withinGroup({ orderBy }: FunctionCall): string {
  return orderBy === undefined ? '' : ` WITHIN GROUP (${orderBy})`
}

function unknownUserFunction(parts: readonly string[], token: Token): SnowflakeError {
  const message = `SQL compilation error:\nUnknown user-defined function ${renderObjectName(parts)}`
  return new SnowflakeError('002141', '42601', message, placeOf(token))
}

function takeCall(name: string, token: Token, cursor: NodeCursor, scope: Scope): FunctionCall {
  const children = cursor.takeGroup('(')?.children ?? []
  const isDistinct = isKeyword(children[0]?.kind === 'leaf' ? children[0].token : undefined, 'DISTINCT')
  const nodes = isDistinct ? children.slice(1) : children
  const args = splitAtOperator(nodes, ',')
  if (args.some((arg) => arg.length === 0)) throw syntaxError(token)
  const arg = (index: number): string => {
    const found = args[index]
    if (!found) throw notEnoughArguments(name, args.length, index + 1, token)
    return translateArgument(found, scope)
  }
  const orderBy = takeWithinGroup(cursor, scope)
  return {
    name,
    token,
    scope,
    args,
    isDistinct,
    arg,
    optional: (index) => (args[index] ? arg(index) : undefined),
    get list() {
      return args.map((found) => translateArgument(found, scope)).join(', ')
    },
    orderBy,
    isWindowed: cursor.isAtKeyword('OVER'),
  }
}

function translateArgument(nodes: readonly TokenNode[], scope: Scope): string {
  return looksLikeQuery(nodes) && nodes[0]?.kind === 'leaf' ? scope.query(nodes, scope) : scope.expression(nodes, scope)
}

function takeWithinGroup(cursor: NodeCursor, scope: Scope): string | undefined {
  if (!isKeyword(cursor.token(1), 'GROUP') || !cursor.skipKeywords('WITHIN', 'GROUP')) return undefined
  const group = cursor.takeGroup('(')
  if (!group) throw cursor.unexpected()
  return scope.expression(group.children, scope)
}

function notEnoughArguments(name: string, found: number, wanted: number, token: Token): SnowflakeError {
  const place = placeOf(token)
  const where = place ? ` error line ${place.line} at position ${place.position}` : ''
  const message = `SQL compilation error:${where}\nnot enough arguments for function [${name}], expected ${wanted}, got ${found}`
  return new SnowflakeError('000938', '22023', message, place)
}
