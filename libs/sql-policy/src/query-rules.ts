import { identifierName, isKeyword, isOperator, isTrivia, type Token } from '@squall/snowflake-sql'
import { objectionToCall, type FunctionRules, type QueryContext } from './call-rules.ts'
import { definitionsIn } from './definitions.ts'
import type { Objection } from './verdict.ts'

/** Looks at one token among its neighbours; white space and comments are not among them. */
type Rule = (tokens: readonly Token[], at: number, query: QueryContext) => Objection | undefined

/** What must not stand anywhere in a query, whatever its brackets. */
const rules: readonly Rule[] = [
  noVariable,
  noStage,
  noSequence,
  noInto,
  noLock,
  noProcedure,
  noDynamicSql,
  noLiteralTable,
  objectionToCall,
]

/**
 * The first objection to a query, by its place in the text.
 * @param functions functions of the account that may be called beside the built-in ones that read.
 */
export function objectionToQuery(tokens: readonly Token[], functions?: FunctionRules): Objection | undefined {
  const meaningful = tokens.filter((token) => !isTrivia(token))
  const query = { functions, isInDefinitions: definitionsIn(meaningful) }
  for (let at = 0; at < meaningful.length; at += 1) {
    for (const rule of rules) {
      const objection = rule(meaningful, at, query)
      if (objection) return { position: meaningful[at]?.offset ?? 0, ...objection }
    }
  }
  return undefined
}

function noVariable(tokens: readonly Token[], at: number): Objection | undefined {
  return tokens[at]?.kind === 'variable'
    ? { reason: `${tokens[at].text} is a variable of the session.`, hint: 'Write the value into the statement.' }
    : undefined
}

function noStage(tokens: readonly Token[], at: number): Objection | undefined {
  return tokens[at]?.kind === 'stage' || isOperator(tokens[at], '@')
    ? { reason: 'Stages hold files, which are not read here.', hint: 'Query a table or a view.' }
    : undefined
}

function noSequence(tokens: readonly Token[], at: number): Objection | undefined {
  return isOperator(tokens[at - 1], '.') && identifierName(tokens[at]) === 'NEXTVAL'
    ? { reason: 'NEXTVAL advances a sequence.', hint: 'Use ROW_NUMBER() or SEQ8() to number rows.' }
    : undefined
}

function noInto(tokens: readonly Token[], at: number): Objection | undefined {
  return isKeyword(tokens[at], 'INTO') ? { reason: 'INTO writes the result somewhere.', hint: 'Select without INTO.' } : undefined
}

function noLock(tokens: readonly Token[], at: number): Objection | undefined {
  return isKeyword(tokens[at], 'FOR') && isKeyword(tokens[at + 1], 'UPDATE')
    ? { reason: 'FOR UPDATE locks rows.', hint: 'Select without FOR UPDATE.' }
    : undefined
}

function noProcedure(tokens: readonly Token[], at: number): Objection | undefined {
  return isKeyword(tokens[at], 'AS') && isKeyword(tokens[at + 1], 'PROCEDURE')
    ? { reason: 'A procedure may do anything.', hint: 'Write a query without procedures.' }
    : undefined
}

function noDynamicSql(tokens: readonly Token[], at: number): Objection | undefined {
  return isKeyword(tokens[at], 'EXECUTE') && isKeyword(tokens[at + 1], 'IMMEDIATE', 'TASK')
    ? { reason: 'What EXECUTE runs cannot be read here.', hint: 'Write the query itself.' }
    : undefined
}

/** `TABLE(f(…))` holds a call, judged as any call; a string, a variable or a name there hides which table is read. */
function noLiteralTable(tokens: readonly Token[], at: number): Objection | undefined {
  if (!isKeyword(tokens[at], 'TABLE') || !isOperator(tokens[at + 1], '(')) return undefined
  let next = at + 2
  while (identifierName(tokens[next]) !== undefined && isOperator(tokens[next + 1], '.')) next += 2
  return identifierName(tokens[next]) !== undefined && isOperator(tokens[next + 1], '(')
    ? undefined
    : { reason: 'TABLE(…) must hold a table function.', hint: 'Write the name of the table after FROM.' }
}
