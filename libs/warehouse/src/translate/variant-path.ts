import { identifierName, isOperator, stringValue } from '@squall/snowflake-sql'
import { takeDataType } from './data-type.ts'
import { leafToken, type NodeCursor } from './node-cursor.ts'
import { quoteText } from './quote.ts'
import type { Scope } from './scope.ts'

/** The conversion `::` and CAST do. JSON turned into text loses its quotes, as VARIANT does; anything turned into VARIANT becomes JSON. */
export function castTo(sql: string, type: string): string {
  if (type === 'VARCHAR') return `SF_TO_VARCHAR(${sql})`
  if (type === 'TIMESTAMPTZ') return `SF_TO_TIMESTAMPTZ(${sql})`
  return type === 'JSON' ? `to_json(${sql})` : `CAST(${sql} AS ${type})`
}

/**
 * Everything from `:name` or `[index]` on: `v:a.b[0]:"C d"`. Names are case-sensitive, as they are in Snowflake.
 * A cast right behind is taken too, since text out of JSON needs another function than JSON out of JSON.
 */
export function takePath(sql: string, cursor: NodeCursor, scope: Scope): string {
  let value = sql
  let path = ''
  const finish = (): string => (path === '' ? value : `json_extract(${value}, ${quoteText(`$${path}`)})`)
  for (;;) {
    const bracket = cursor.takeGroup('[')
    if (bracket) {
      const step = literalStep(bracket.children.length === 1 ? leafToken(bracket.children[0]) : undefined)
      if (step === undefined) {
        value = `SF_GET(${finish()}, ${scope.expression(bracket.children, scope)})`
        path = ''
      } else path += step
    } else if (cursor.isAtOperator(':') || (path !== '' && cursor.isAtOperator('.'))) {
      cursor.next()
      path += takeNameStep(cursor)
    } else break
  }
  if (path === '' || !isOperator(cursor.token(), '::')) return finish()
  cursor.next()
  return castExtracted(value, path, takeDataType(cursor))
}

function castExtracted(value: string, path: string, type: string): string {
  const place = quoteText(`$${path}`)
  return type === 'JSON' ? `json_extract(${value}, ${place})` : castTo(`json_extract_string(${value}, ${place})`, type)
}

function literalStep(token: ReturnType<typeof leafToken>): string | undefined {
  if (token?.kind === 'number' && /^\d+$/.test(token.text)) return `[${token.text}]`
  const key = stringValue(token)
  return key === undefined ? undefined : quoteKey(key)
}

function takeNameStep(cursor: NodeCursor): string {
  const token = cursor.token()
  if (identifierName(token) === undefined) throw cursor.unexpected()
  cursor.next()
  return quoteKey(token?.kind === 'word' ? token.text : (identifierName(token) ?? ''))
}

function quoteKey(key: string): string {
  return `."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
