import { isKeyword, isOperator, type Token } from '@squall/snowflake-sql'

/** Tells of each token whether DEFINE stands before it within the same brackets, as in `MATCH_RECOGNIZE (… DEFINE x AS f(y))`. */
export function definitionsIn(tokens: readonly Token[]): (at: number) => boolean {
  if (!tokens.some((token) => isKeyword(token, 'DEFINE'))) return () => false
  const inDefinitions: boolean[] = []
  const outer: boolean[] = []
  let isBehindDefine = false
  for (const token of tokens) {
    inDefinitions.push(isBehindDefine)
    if (isKeyword(token, 'DEFINE')) isBehindDefine = true
    if (isOperator(token, '(')) {
      outer.push(isBehindDefine)
      isBehindDefine = false
    }
    if (isOperator(token, ')')) isBehindDefine = outer.pop() ?? false
  }
  return (at) => inDefinitions[at] === true
}
