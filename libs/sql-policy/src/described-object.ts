import { identifierName, isKeyword, isOperator, type Token } from '@squall/snowflake-sql'
import { objectionToContainer, objectionToName, type ObjectRules } from './allowed-name.ts'
import type { Objection } from './verdict.ts'

/** Words that may stand before `TABLE` or `VIEW`. */
const sorts = ['DYNAMIC', 'EVENT', 'EXTERNAL', 'HYBRID', 'ICEBERG', 'MATERIALIZED', 'SEMANTIC']
/** What describes itself and no object in a database. */
const outside = ['WAREHOUSE']

/** Judges the object of `DESCRIBE [sort] TABLE name`: what else can be described tells of things no pattern speaks of. */
export function objectionToDescribed(tokens: readonly Token[], rules: ObjectRules): Objection | undefined {
  const kindAt = isKeyword(tokens[1], ...sorts) ? 2 : 1
  const kind = tokens[kindAt]
  if (isKeyword(kind, ...outside)) return undefined
  if (!isKeyword(kind, 'TABLE', 'VIEW', 'SCHEMA', 'DATABASE')) {
    return {
      reason: 'Only tables, views, schemas and databases that are allowed may be described.',
      hint: 'Describe one of them.',
    }
  }
  const { parts } = readName(tokens, kindAt + 1)
  const objection = isKeyword(kind, 'SCHEMA', 'DATABASE')
    ? objectionToContainer(parts, isKeyword(kind, 'SCHEMA') ? 'SCHEMA' : 'DATABASE', rules)
    : objectionToName(parts, rules)
  return objection && { position: tokens[kindAt + 1]?.offset ?? kind?.offset ?? 0, ...objection }
}

/** The dotted name that begins at `start`; `''` for a part left out between two dots. */
export function readName(tokens: readonly Token[], start: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = []
  let at = start
  for (;;) {
    const name = identifierName(tokens[at])
    if (name !== undefined) at += 1
    else if (parts.length === 0) return { parts, end: at }
    parts.push(name ?? '')
    if (!isOperator(tokens[at], '.')) return { parts, end: at }
    at += 1
  }
}
