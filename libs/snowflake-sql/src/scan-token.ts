import type { TokenKind, TokenProblem } from './token.ts'

/** What one step of the lexer found: a token's kind and where it ends. */
export interface Scan {
  readonly kind: TokenKind
  readonly end: number
  readonly problem?: TokenProblem
}

/** Recognises the token that starts at `offset`, which must lie inside the text. Never fails: what is nothing else is `unknown`. */
export function scanToken(sql: string, offset: number): Scan {
  return scanDelimited(sql, offset) ?? scanByPattern(sql, offset) ?? scanUnknown(sql, offset)
}

function scanDelimited(sql: string, offset: number): Scan | undefined {
  switch (sql.charAt(offset)) {
    case "'":
      return scanQuoted(sql, offset, 'string')
    case '"':
      return scanQuoted(sql, offset, 'quotedIdentifier')
    case '$':
      return sql.startsWith('$$', offset) ? scanDollarString(sql, offset) : undefined
    case '-':
    case '/':
      return scanComment(sql, offset)
    case '@':
      return scanStage(sql, offset)
    default:
      return undefined
  }
}

/** A doubled quote stands for itself in both kinds; the backslash escapes in strings only. */
function scanQuoted(sql: string, offset: number, kind: 'string' | 'quotedIdentifier'): Scan {
  const quote = sql.charAt(offset)
  for (let at = offset + 1; at < sql.length; at += 1) {
    if (kind === 'string' && sql[at] === '\\') at += 1
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return { kind, end: at + 1 }
      at += 1
    }
  }
  return { kind, end: sql.length, problem: 'unterminated' }
}

function scanDollarString(sql: string, offset: number): Scan {
  const close = sql.indexOf('$$', offset + 2)
  return close < 0 ? { kind: 'dollarString', end: sql.length, problem: 'unterminated' } : { kind: 'dollarString', end: close + 2 }
}

function scanComment(sql: string, offset: number): Scan | undefined {
  if (sql.startsWith('--', offset) || sql.startsWith('//', offset)) return scanLineComment(sql, offset)
  return sql.startsWith('/*', offset) ? scanBlockComment(sql, offset) : undefined
}

/** Ends of line that some reader might honour and another not. What follows one inside a comment may be code. */
const unusualLineEnd = /\r(?!\n|$)|[\v\f\u0085\u2028\u2029]/

function scanLineComment(sql: string, offset: number): Scan {
  const newline = sql.indexOf('\n', offset)
  const end = newline < 0 ? sql.length : newline
  const isUnusual = unusualLineEnd.test(sql.slice(offset, Math.min(end + 1, sql.length)))
  return { kind: 'lineComment', end, ...(isUnusual && { problem: 'ambiguous' }) }
}

/** Whether block comments nest is not documented: the first end mark ends the token, and an inner start mark is reported. */
function scanBlockComment(sql: string, offset: number): Scan {
  const close = sql.indexOf('*/', offset + 2)
  if (close < 0) return { kind: 'blockComment', end: sql.length, problem: 'unterminated' }
  const isNested = sql.slice(offset + 2, close).includes('/*')
  return { kind: 'blockComment', end: close + 2, ...(isNested && { problem: 'ambiguous' }) }
}

const stagePattern = /@(?:[~%]|"(?:[^"]|"")*"|[\w$.])(?:"(?:[^"]|"")*"|[^\s'"(),;[\]{}])*/y

function scanStage(sql: string, offset: number): Scan | undefined {
  const end = endOfMatch(stagePattern, sql, offset)
  if (end === undefined) return undefined
  const hidesComment = /--|\/\/|\/\*/.test(sql.slice(offset, end))
  return { kind: 'stage', end, ...(hidesComment && { problem: 'ambiguous' }) }
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['whitespace', /[ \t\r\n\f]+/y],
  ['word', /[A-Za-z_][\w$]*/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['bind', /\?|:\d+/y],
  ['position', /\$\d+/y],
  ['variable', /\$[A-Za-z_][\w$]*/y],
  // `$` alone is the end of the rows in a PATTERN of MATCH_RECOGNIZE.
  ['operator', /\$(?=\s*\))|->>|->|=>|::|:=|\|\||<=|>=|<>|!=|==|[-+*/%=<>.,;:()[\]{}|&^~!]/y],
]

function scanByPattern(sql: string, offset: number): Scan | undefined {
  for (const [kind, pattern] of patterns) {
    const end = endOfMatch(pattern, sql, offset)
    if (end === undefined) continue
    // `a$$` is a name to one reader, and to another the start of a string behind the name `a`.
    return kind === 'word' && sql.slice(offset, end).includes('$$') ? { kind, end, problem: 'ambiguous' } : { kind, end }
  }
  return undefined
}

function endOfMatch(sticky: RegExp, sql: string, offset: number): number | undefined {
  sticky.lastIndex = offset
  return sticky.test(sql) ? sticky.lastIndex : undefined
}

function scanUnknown(sql: string, offset: number): Scan {
  const isSurrogatePair = (sql.codePointAt(offset) ?? 0) > 0xffff
  return { kind: 'unknown', end: offset + (isSurrogatePair ? 2 : 1), problem: 'unknownCharacter' }
}
