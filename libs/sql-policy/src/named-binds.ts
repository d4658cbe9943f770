import { tokenize, type Token } from '@squall/snowflake-sql'

/** SQL with a `?` in place of each named parameter, and their names in the order of the question marks. */
export interface NamedBinds {
  readonly sql: string
  readonly names: readonly string[]
}

/**
 * Replaces parameters written as `:name`. A colon right behind a name, a bracket or a string is a path into a VARIANT and stays, as does
 * everything in strings and comments.
 */
export function bindNames(sql: string): NamedBinds {
  const tokens = tokenize(sql)
  const names: string[] = []
  let bound = ''
  for (let at = 0; at < tokens.length; at += 1) {
    const name = isParameter(tokens, at) ? tokens[at + 1]?.text : undefined
    if (name === undefined) bound += tokens[at]?.text ?? ''
    else {
      names.push(name)
      bound += '?'
      at += 1
    }
  }
  return { sql: bound, names }
}

function isParameter(tokens: readonly Token[], at: number): boolean {
  const [before, colon, name] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  return colon?.kind === 'operator' && colon.text === ':' && name?.kind === 'word' && !endsOperand(before)
}

/** What a path into a VARIANT may follow. */
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'operator') return token.text === ')' || token.text === ']'
  return ['word', 'quotedIdentifier', 'string', 'dollarString', 'position'].includes(token.kind)
}
