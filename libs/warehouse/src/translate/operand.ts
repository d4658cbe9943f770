import { isKeyword, isOperator, stringValue, type Token, type TokenGroup } from '@squall/snowflake-sql'
import { syntaxError, unsupportedFeature } from '../engine/snowflake-errors.ts'
import { takeDataType } from './data-type.ts'
import { translateCall } from './function-call.ts'
import { isAtInterval, takeInterval } from './interval.ts'
import { splitAtOperator, type NodeCursor } from './node-cursor.ts'
import { takeObjectName } from './object-name.ts'
import { quoteName, quoteText } from './quote.ts'
import type { Scope } from './scope.ts'
import { looksLikeQuery } from './translate-query.ts'
import { castTo, takePath } from './variant-path.ts'

/** One operand with everything that clings to it: `::type`, `:path`, `[index]`, `OVER (…)`. */
export function translateOperand(cursor: NodeCursor, scope: Scope): string {
  let sql = translatePrimary(cursor, scope)
  for (;;) {
    const token = cursor.token()
    if (cursor.skipOperator('::')) sql = castTo(sql, takeDataType(cursor))
    else if (isOperator(token, ':') || cursor.group('[')) sql = takePath(sql, cursor, scope)
    else if (cursor.isAtKeyword('OVER')) sql = takeWindow(sql, cursor, scope)
    else if (cursor.isAtKeyword('IGNORE', 'RESPECT') && isKeyword(cursor.token(1), 'NULLS')) sql = takeNullTreatment(sql, cursor)
    else if (cursor.isAtKeyword('COLLATE')) throw unsupportedFeature('COLLATE', token)
    else return sql
  }
}

function takeWindow(sql: string, cursor: NodeCursor, scope: Scope): string {
  cursor.next()
  const window = cursor.takeGroup('(')
  return `${sql} OVER ${window ? `(${scope.expression(window.children, scope)})` : quoteName(cursor.takeName())}`
}

/** DuckDB wants `IGNORE NULLS` inside the brackets of the function. */
function takeNullTreatment(sql: string, cursor: NodeCursor): string {
  const treatment = cursor.token()?.text.toUpperCase() ?? ''
  cursor.at += 2
  return sql.endsWith(')') ? `${sql.slice(0, -1)} ${treatment} NULLS)` : sql
}

function translatePrimary(cursor: NodeCursor, scope: Scope): string {
  const node = cursor.peek()
  if (node === undefined) throw syntaxError(undefined)
  if (node.kind === 'group') {
    cursor.next()
    return translateGroup(node, scope)
  }
  return translateToken(node.token, cursor, scope)
}

function translateGroup(group: TokenGroup, scope: Scope): string {
  const { children, open } = group
  if (open.text === '(') return `(${looksLikeQuery(children) ? scope.query(children, scope) : scope.expression(children, scope)})`
  const items = splitAtOperator(children, ',')
  if (open.text === '[') return `json_array(${items.map((item) => scope.expression(item, scope)).join(', ')})`
  const pairs = items.flatMap((item) => splitAtOperator(item, ':').map((side) => scope.expression(side, scope)))
  if (pairs.length % 2 !== 0) throw syntaxError(open)
  return `json_object(${pairs.join(', ')})`
}

function translateToken(token: Token, cursor: NodeCursor, scope: Scope): string {
  switch (token.kind) {
    case 'number':
      cursor.next()
      return token.text
    case 'string':
    case 'dollarString':
      cursor.next()
      return quoteText(stringValue(token) ?? '')
    case 'bind':
      cursor.next()
      return scope.session.bindLiteral(token)
    case 'variable':
      cursor.next()
      return scope.session.variableLiteral(token.text.slice(1).toUpperCase(), token)
    case 'position':
      cursor.next()
      return `#${token.text.slice(1)}`
    case 'word':
    case 'quotedIdentifier':
      return translateName(token, cursor, scope)
    case 'stage':
      throw unsupportedFeature('querying staged files', token)
    case 'operator':
    case 'whitespace':
    case 'lineComment':
    case 'blockComment':
    case 'unknown':
    default:
      throw syntaxError(token)
  }
}

const typedLiterals = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'DATETIME']

function translateName(token: Token, cursor: NodeCursor, scope: Scope): string {
  const next = cursor.token(1)
  const text = stringValue(next)
  if (isKeyword(token, 'CASE')) return takeCase(cursor, scope)
  if (isKeyword(token, 'NULL', 'TRUE', 'FALSE')) return takeLiteralWord(token, cursor)
  if (isAtInterval(cursor)) return `(${takeInterval(cursor).sql})`
  if (text !== undefined && isKeyword(token, ...typedLiterals)) {
    const type = takeDataType(cursor)
    cursor.next()
    return castTo(quoteText(text), type)
  }
  if (text !== undefined && isKeyword(token, 'X') && next?.offset === token.offset + 1) {
    cursor.at += 2
    return `from_hex(${quoteText(text)})`
  }
  if (isKeyword(token, 'IDENTIFIER') && cursor.group('(', 1)) return renderPath(takeObjectName(cursor, scope).parts)
  return takeColumnOrCall(cursor, scope)
}

function takeLiteralWord(token: Token, cursor: NodeCursor): string {
  cursor.next()
  return token.text.toUpperCase()
}

function renderPath(parts: readonly string[]): string {
  return parts.map(quoteName).join('.')
}

function takeColumnOrCall(cursor: NodeCursor, scope: Scope): string {
  const token = cursor.token()
  const parts = [cursor.takeName()]
  while (cursor.isAtOperator('.')) {
    cursor.next()
    if (cursor.skipOperator('*')) return `${renderPath(parts)}.*`
    if (cursor.token()?.kind === 'position') throw unsupportedFeature('positional column of a table', cursor.token())
    parts.push(cursor.takeName())
  }
  const isCall = cursor.group('(') !== undefined
  const isWord = token?.kind === 'word'
  return token && (isCall || isWord) ? (translateCall(parts, token, cursor, scope) ?? renderPath(parts)) : renderPath(parts)
}

/** The whole of `CASE … END`, so that a `::type` behind it applies to the whole. */
function takeCase(cursor: NodeCursor, scope: Scope): string {
  cursor.next()
  const start = cursor.at
  let depth = 1
  while (depth > 0) {
    if (cursor.isAtEnd) throw syntaxError(undefined)
    if (isCaseWord(cursor, 'CASE')) depth += 1
    if (isCaseWord(cursor, 'END')) depth -= 1
    cursor.at += 1
  }
  return `(CASE ${scope.expression(cursor.nodes.slice(start, cursor.at - 1), scope)} END)`
}

/** `t.end` is a column. */
function isCaseWord(cursor: NodeCursor, word: 'CASE' | 'END'): boolean {
  const before = cursor.nodes[cursor.at - 1]
  return cursor.isAtKeyword(word) && !(before?.kind === 'leaf' && isOperator(before.token, '.'))
}
