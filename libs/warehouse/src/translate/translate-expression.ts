import { isKeyword, isOperator, type TokenNode } from '@squall/snowflake-sql'
import { syntaxError } from '../engine/snowflake-errors.ts'
import { isExpressionKeyword } from './expression-keywords.ts'
import { addInterval, isAtInterval } from './interval.ts'
import { firstToken, leafToken, NodeCursor, splitAtOperator } from './node-cursor.ts'
import { translateOperand } from './operand.ts'
import type { Scope } from './scope.ts'

/** An expression, or a list of them: operands are rewritten, operators and keywords between them mostly pass. */
export function translateExpression(nodes: readonly TokenNode[], scope: Scope): string {
  const cursor = new NodeCursor(nodes)
  const output: string[] = []
  let endOfOperand = 0
  while (!cursor.isAtEnd) {
    if (!isAtOperand(cursor)) translateStep(cursor, output, scope)
    // Two operands side by side, such as `1 FORM`, are no expression.
    else if (output.length > 0 && output.length === endOfOperand) throw syntaxError(firstToken(cursor.peek()))
    else endOfOperand = output.push(translateOperand(cursor, scope))
  }
  if (endsOpen(nodes)) throw syntaxError(undefined)
  return output.join(' ')
}

const binaryOperators = new Set(['+', '-', '/', '%', '=', '<', '>', '<=', '>=', '<>', '!=', '||'])

/** Whether an operator is left without its right side. */
function endsOpen(nodes: readonly TokenNode[]): boolean {
  const last = leafToken(nodes.at(-1))
  return last?.kind === 'operator' && binaryOperators.has(last.text)
}

function isAtOperand(cursor: NodeCursor): boolean {
  return cursor.token()?.kind !== 'operator' && !isWindowFrame(cursor) && !isPlainKeyword(cursor)
}

/** Words that pass as keywords even before a bracket, where any other word would be a function. */
function isPlainKeyword(cursor: NodeCursor): boolean {
  const isFunctionName = cursor.isAtKeyword('REPLACE') && !isOperator(leafToken(cursor.nodes[cursor.at - 1]), '*')
  const isCastLiteral = cursor.isAtKeyword('NULL', 'TRUE', 'FALSE') && isOperator(cursor.token(1), '::')
  return isExpressionKeyword(cursor.peek()) && !cursor.isAtKeyword('CASE') && !isFunctionName && !isCastLiteral
}

function translateStep(cursor: NodeCursor, output: string[], scope: Scope): void {
  if (cursor.isAtKeyword('LIKE', 'ILIKE') && isKeyword(cursor.token(1), 'ANY', 'ALL')) translateLikeAny(cursor, output, scope)
  else if (isWindowFrame(cursor)) output.push(takeText(cursor))
  else if (isPlainKeyword(cursor)) output.push(translateKeyword(cursor))
  else translateOperator(cursor, output)
}

function takeText(cursor: NodeCursor): string {
  const text = cursor.token()?.text.toUpperCase() ?? ''
  cursor.next()
  return text
}

/** `RANGE BETWEEN`, `CURRENT ROW`, `NULLS FIRST`, `GROUPING SETS`: words that are names anywhere else. */
function isWindowFrame(cursor: NodeCursor): boolean {
  const before = leafToken(cursor.nodes[cursor.at - 1])
  if (cursor.isAtKeyword('RANGE')) return isKeyword(cursor.token(1), 'BETWEEN', 'UNBOUNDED')
  if (cursor.isAtKeyword('CURRENT')) return isKeyword(cursor.token(1), 'ROW')
  if (cursor.isAtKeyword('GROUPING')) return isKeyword(cursor.token(1), 'SETS')
  if (cursor.isAtKeyword('SETS')) return isKeyword(before, 'GROUPING')
  return cursor.isAtKeyword('FIRST', 'LAST') && isKeyword(before, 'NULLS')
}

function translateKeyword(cursor: NodeCursor): string {
  const word = takeText(cursor)
  return word === 'RLIKE' || word === 'REGEXP' ? 'SIMILAR TO' : word
}

/** Operators Snowflake does not have, though DuckDB does. */
const foreignOperators = new Set(['==', '^', '&', '|', '~', '!', '->', ':', ':=', ';', '.', '=>', '->>', '::'])

function translateOperator(cursor: NodeCursor, output: string[]): void {
  const token = cursor.token()
  if (token === undefined || foreignOperators.has(token.text)) throw syntaxError(token)
  cursor.next()
  const left = output.at(-1)
  if ((token.text === '+' || token.text === '-') && left !== undefined && isAtInterval(cursor)) {
    output.pop()
    output.push(addInterval(left, token.text, cursor))
  } else if (token.text === ',' && cursor.isAtEnd) throw syntaxError(token)
  else output.push(token.text)
}

/** `x [NOT] LIKE ANY (a, b)`: true where x matches one of them; ALL where it matches each. */
function translateLikeAny(cursor: NodeCursor, output: string[], scope: Scope): void {
  const operator = takeText(cursor)
  const quantifier = takeText(cursor)
  const patterns = cursor.takeGroup('(')
  if (!patterns) throw cursor.unexpected()
  const isNegated = output.at(-1) === 'NOT'
  if (isNegated) output.pop()
  const left = output.pop() ?? ''
  const tests = splitAtOperator(patterns.children, ',').map(
    (pattern) => `${left} ${operator} ${scope.expression(pattern, scope)}`,
  )
  output.push(`(${isNegated ? 'NOT ' : ''}(${tests.join(quantifier === 'ANY' ? ' OR ' : ' AND ')}))`)
}
