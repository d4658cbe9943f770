import { isKeyword, isOperator, isTrivia, type Token } from '@squall/snowflake-sql'
import { objectionToQuery } from './query-rules.ts'
import type { Objection } from './verdict.ts'

/** DESCRIBE of a function names the types of its arguments in brackets; anywhere else a bracket would be a call. */
export function objectionToDescribe(tokens: readonly Token[]): Objection | undefined {
  const meaningful = tokens.filter((token) => !isTrivia(token))
  const [, subject] = meaningful
  if (isKeyword(subject, 'RESULT')) {
    const hint = 'Describe a table or a view.'
    return { reason: 'The results of earlier statements belong to whoever ran them.', hint, position: subject?.offset ?? 0 }
  }
  const takesTypes = meaningful.slice(1, 4).some((token) => isKeyword(token, 'FUNCTION', 'PROCEDURE'))
  return objectionToQuery(takesTypes ? withoutArguments(meaningful) : tokens)
}

function withoutArguments(tokens: readonly Token[]): readonly Token[] {
  const open = tokens.findIndex((token) => isOperator(token, '('))
  return open < 0 ? tokens : tokens.slice(0, open)
}
