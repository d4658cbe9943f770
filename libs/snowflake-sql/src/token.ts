/**
 * What a piece of SQL text is, as far as letters alone can tell.
 *
 * - `word`: an unquoted identifier or a keyword; which of the two, only the grammar knows
 * - `quotedIdentifier`: `"Any ""text"""`
 * - `string`: `'text'` with `''` and backslash escapes; `dollarString`: `$$text$$`
 * - `bind`: `?` or `:1`; `variable`: `$name`; `position`: `$1`; `stage`: `@name/path`
 * - `operator`: punctuation, brackets included
 * - `unknown`: a character that means nothing in SQL
 */
export type TokenKind =
  | 'whitespace'
  | 'lineComment'
  | 'blockComment'
  | 'word'
  | 'quotedIdentifier'
  | 'string'
  | 'dollarString'
  | 'number'
  | 'bind'
  | 'variable'
  | 'position'
  | 'stage'
  | 'operator'
  | 'unknown'

/**
 * Why a token cannot be trusted.
 *
 * - `unterminated`: a string, a quoted identifier or a comment runs to the end of the text
 * - `ambiguous`: another reader of the same letters may see other tokens: a block comment inside a block comment, a comment
 *   that holds an unusual line end, a comment mark inside a stage path, `$$` inside a name
 * - `unknownCharacter`: see the kind `unknown`
 */
export type TokenProblem = 'unterminated' | 'ambiguous' | 'unknownCharacter'

/** A piece of the text. The tokens of a text, in order, make up the text exactly. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Index of the first UTF-16 unit in the text. */
  readonly offset: number
  /** Counted from 1, as in Snowflake's messages. */
  readonly line: number
  /** UTF-16 units since the start of the line, counted from 0, as the "position" in Snowflake's messages. */
  readonly column: number
  readonly problem?: TokenProblem
}

/** White space and comments: what the grammar does not see. */
export function isTrivia({ kind }: Token): boolean {
  return kind === 'whitespace' || kind === 'lineComment' || kind === 'blockComment'
}

/** Whether the token is one of these keywords; keywords are given in upper case. */
export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  if (token?.kind !== 'word') return false
  const { text } = token
  // Words are ASCII, so upper case is as long. The gate asks this dozens of times for each word, and nearly always of another length.
  for (const keyword of keywords) if (text.length === keyword.length && text.toUpperCase() === keyword) return true
  return false
}

/** Whether the token is this operator. */
export function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text
}
