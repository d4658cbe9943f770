import { isOperator, isTrivia, type Token } from './token.ts'
import { tokenize } from './tokenize.ts'

/**
 * A statement's text without the values in it: strings, numbers and whatever cannot be read become `?`, comments go, white space becomes
 * one space, unquoted words are upper case, and lists of values become one `?`. Names stay. Statements that differ in nothing but
 * values come out alike, and no value that stood in a string, a number or a comment comes out at all. Never throws.
 * @param tokens of the same text, where they are at hand.
 */
export function normalizeStatement(sql: string, tokens: readonly Token[] = tokenize(sql)): string {
  const parts: string[] = []
  for (const token of tokens) {
    if (isTrivia(token)) continue
    const part = normalizeToken(token)
    const isInValues = part === '?' && parts.at(-1) === ',' && parts.at(-2) === '?'
    if (isInValues) parts.pop()
    else parts.push(part)
  }
  return joinParts(parts)
}

/** What must not be shown: values, places of files, and all that another reader might see as one of them. */
const valueKinds: ReadonlySet<Token['kind']> = new Set(['string', 'dollarString', 'number', 'bind', 'stage', 'unknown'])

function normalizeToken(token: Token): string {
  if (valueKinds.has(token.kind) || token.problem !== undefined) return '?'
  return token.kind === 'word' ? token.text.toUpperCase() : token.text
}

const tight: ReadonlySet<string> = new Set(['.', '::', ':'])

function joinParts(parts: readonly string[]): string {
  let text = ''
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1]
    const isTight = before === undefined || tight.has(part) || ',)'.includes(part) || tight.has(before) || before === '('
    text += isTight ? part : ` ${part}`
  }
  return text
}

/** Names a statement reads from or is about, as they are written; for people to read, as only Snowflake knows what they resolve to. */
export function namedObjects(sql: string, all: readonly Token[] = tokenize(sql)): readonly string[] {
  const tokens = all.filter((token) => !isTrivia(token))
  const names = new Set<string>()
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || !beforeNames.has(token.text.toUpperCase())) continue
    for (let next = at + 1; next > 0;) {
      const { name, end } = readName(tokens, next)
      if (name !== '') names.add(name)
      const after = name === '' ? end : endOfAlias(tokens, end)
      next = name !== '' && isOperator(tokens[after], ',') ? after + 1 : 0
    }
    if (names.size >= mostNames) break
  }
  return [...names].slice(0, mostNames)
}

const beforeNames: ReadonlySet<string> = new Set('FROM JOIN VIEW TABLE SCHEMA DATABASE IN INTO UPDATE'.split(' '))
const noNames: ReadonlySet<string> = new Set('SELECT DATABASE SCHEMA TABLE VIEW LATERAL ACCOUNT VALUES LIKE IN FROM'.split(' '))
const mostNames = 32

/** The dotted name that begins at a token; empty where there is none. */
function readName(tokens: readonly Token[], start: number): { readonly name: string; readonly end: number } {
  let name = ''
  let at = start
  while (isNamePart(tokens[at])) {
    name += tokens[at]?.kind === 'word' ? (tokens[at]?.text.toUpperCase() ?? '') : (tokens[at]?.text ?? '')
    at += 1
    if (!isOperator(tokens[at], '.')) break
    name += '.'
    at += 1
  }
  return { name, end: at }
}

/** Past `AS x` or `x` behind a name, where it stands there. */
function endOfAlias(tokens: readonly Token[], at: number): number {
  const start = tokens[at]?.text.toUpperCase() === 'AS' ? at + 1 : at
  return isNamePart(tokens[start]) ? start + 1 : at
}

function isNamePart(token: Token | undefined): boolean {
  if (token === undefined || token.problem !== undefined) return false
  return token.kind === 'quotedIdentifier' || (token.kind === 'word' && !noNames.has(token.text.toUpperCase()))
}
